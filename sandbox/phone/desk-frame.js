// What stands beside the phone, whichever app is open: who holds it, a banking app, and where else to look.
import { createBank } from './bank.js'
import { $, h, icon } from './dom.js'

/** Builds the frame. `other` is the way to the other app, `add` the form for a new person. */
export function drawDesk({ about, other, add }) {
  const people = h('ul', { class: 'people' })
  const relation = h('div', { class: 'relation' })
  const link = (href, name) => h('a', { href, target: '_blank' }, name)
  $('#desk').replaceChildren(
    h('header', {}, h('h2', {}, 'Phone'), h('p', {}, about)),
    h('p', {}, h('a', { class: 'pill', href: other.href }, other.label)),
    people,
    add,
    relation,
    createBank(),
    h(
      'nav',
      { ariaLabel: 'Sandbox' },
      link('/mailbox', 'Mailbox'),
      link('/faults', 'Faults'),
      link('/', 'Sandbox'),
    ),
  )
  return { people, relation }
}

export const personButton = ({ picture, name, standing, isCurrent, choose }) =>
  h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'person', ariaCurrent: isCurrent ? 'true' : null, onclick: choose },
      h('img', { src: picture, alt: '' }),
      h('span', {}, h('strong', {}, name), h('small', {}, standing)),
    ),
  )

/** A name and a language; `create` makes the person and answers who holds the phone then. */
export function newPerson({ languages, create, choose }) {
  const name = h('input', { required: true, maxLength: 100, placeholder: 'New person', ariaLabel: 'Name' })
  const options = languages.map(([value, label]) => h('option', { value }, label))
  const language = h('select', { ariaLabel: 'Language' }, options)
  const onsubmit = async (event) => {
    event.preventDefault()
    const made = await create(name.value, language.value)
    name.value = ''
    choose(made)
  }
  const add = h(
    'button',
    { type: 'submit', class: 'new-person-add', ariaLabel: 'Add', title: 'Add' },
    icon('plus'),
  )
  return h('form', { class: 'new-person', onsubmit }, name, language, add)
}
