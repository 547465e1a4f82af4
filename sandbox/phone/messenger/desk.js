// Beside the phone: who holds it, the other app, and where else to look.
import { createBank } from '../bank.js'
import { $, h, icon } from '../dom.js'
import { t } from '../words.js'
import * as api from './api.js'
import { attempt } from './composer.js'

const LOCALES = [
  ['th_TH', 'ไทย'],
  ['en_US', 'English'],
  ['ja_JP', '日本語'],
  ['id_ID', 'Indonesia'],
  ['ru_RU', 'Русский'],
]

/** Builds the desk; `choose(psid)` changes who holds the phone. Returns what brings it up to date. */
export function createDesk(choose) {
  const people = h('ul', { class: 'people' })
  const relation = h('div', { class: 'relation' })
  const link = (href, name) => h('a', { href, target: '_blank' }, name)
  $('#desk').replaceChildren(
    h('header', {}, h('h2', {}, 'Phone'), h('p', {}, 'A simulated Messenger: you are the customer.')),
    h('p', {}, h('a', { class: 'pill', href: '/phone' }, 'Take the phone with LINE')),
    people,
    newPerson(choose),
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
  return (all, current) => {
    people.replaceChildren(...all.map((one) => person(one, one.psid === current.psid, choose)))
    const block = current.blocked ? 'unblock' : 'block'
    relation.replaceChildren(
      h(
        'button',
        { type: 'button', class: 'pill', onclick: () => attempt(() => api.act(current.psid, block)) },
        t(block),
      ),
    )
  }
}

const person = ({ psid, firstName, lastName, blocked }, isCurrent, choose) =>
  h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: 'person',
        ariaCurrent: isCurrent ? 'true' : null,
        onclick: () => choose(psid),
      },
      h('img', { src: `/__sim/messenger/pictures/${psid}.svg`, alt: '' }),
      h(
        'span',
        {},
        h('strong', {}, `${firstName} ${lastName}`),
        h('small', {}, blocked ? 'has blocked the page' : 'on Messenger'),
      ),
    ),
  )

function newPerson(choose) {
  const name = h('input', { required: true, maxLength: 100, placeholder: 'New person', ariaLabel: 'Name' })
  const locale = h(
    'select',
    { ariaLabel: 'Language' },
    LOCALES.map(([value, label]) => h('option', { value }, label)),
  )
  const create = async (event) => {
    event.preventDefault()
    const [firstName, ...rest] = name.value.trim().split(' ')
    const made = await api.createPerson({ firstName, lastName: rest.join(' '), locale: locale.value })
    name.value = ''
    choose(made.psid)
  }
  const add = h(
    'button',
    { type: 'submit', class: 'new-person-add', ariaLabel: 'Add', title: 'Add' },
    icon('plus'),
  )
  return h('form', { class: 'new-person', onsubmit: create }, name, locale, add)
}
