// Beside the phone: who holds it, a banking app, and where else to look. On a real phone this is a drawer.
import * as api from './api.js'
import { createBank } from './bank.js'
import { $, h, icon, toast } from './dom.js'
import { t } from './words.js'

const LANGUAGES = [
  ['th', 'ไทย'],
  ['en', 'English'],
  ['ja', '日本語'],
  ['id', 'Indonesia'],
  ['ru', 'Русский'],
]

/** Builds the desk; `choose(userId)` changes who holds the phone. Returns what brings it up to date. */
export function createDesk(choose) {
  const people = h('ul', { class: 'people' })
  const relation = h('div', { class: 'relation' })
  const link = (href, name) => h('a', { href, target: '_blank' }, name)
  $('#desk').replaceChildren(
    h('header', {}, h('h2', {}, 'Phone'), h('p', {}, 'A simulated LINE: you are the customer.')),
    h('p', {}, h('a', { class: 'pill', href: '/phone/messenger' }, 'Take the phone with Messenger')),
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
  return (users, current) => {
    people.replaceChildren(...users.map((user) => person(user, user.userId === current.userId, choose)))
    relation.replaceChildren(...drawTies(current))
  }
}

const person = (user, isCurrent, choose) =>
  h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: 'person',
        ariaCurrent: isCurrent ? 'true' : null,
        onclick: () => choose(user.userId),
      },
      h('img', { src: `/__sim/line/pictures/${user.userId}.svg`, alt: '' }),
      h('span', {}, h('strong', {}, user.displayName), h('small', {}, standing(user))),
    ),
  )

function standing(user) {
  if (user.blocked) return 'has blocked the shop'
  return user.following ? 'friend of the shop' : 'not a friend yet'
}

function newPerson(choose) {
  const name = h('input', { required: true, maxLength: 100, placeholder: 'New person', ariaLabel: 'Name' })
  const options = LANGUAGES.map(([value, label]) => h('option', { value }, label))
  const language = h('select', { ariaLabel: 'Language' }, options)
  const create = async (event) => {
    event.preventDefault()
    const user = await api.createUser({ displayName: name.value, language: language.value })
    name.value = ''
    choose(user.userId)
  }
  const add = h(
    'button',
    { type: 'submit', class: 'new-person-add', ariaLabel: 'Add', title: 'Add' },
    icon('plus'),
  )
  return h('form', { class: 'new-person', onsubmit: create }, name, language, add)
}

/** Friend or not, and the way to change it. */
export function drawTies(user) {
  const button = (label, work, kind = '') =>
    h(
      'button',
      {
        type: 'button',
        class: `pill ${kind}`,
        onclick: () => work(user.userId).catch((error) => toast(error.message)),
      },
      label,
    )
  if (user.blocked) return [button(t('unblock'), api.follow, 'main')]
  const block = button(t('block'), api.unfollow)
  return user.following ? [block] : [button(t('addFriend'), api.follow, 'main'), block]
}
