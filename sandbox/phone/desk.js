// Beside the phone: who holds it, and where else to look. On a real phone this is a drawer.
import * as api from './api.js'
import { $, h, icon, toast } from './dom.js'
import { t } from './words.js'

/** Draws the people; `choose(userId)` changes who holds the phone. */
export function drawDesk(users, current, choose) {
  const people = users.map((user) =>
    h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: 'person',
          ariaCurrent: user.userId === current?.userId ? 'true' : null,
          onclick: () => choose(user.userId),
        },
        h('img', { src: `/__sim/line/pictures/${user.userId}.svg`, alt: '' }),
        h(
          'span',
          {},
          h('strong', {}, user.displayName),
          h(
            'small',
            {},
            user.blocked
              ? 'has blocked the shop'
              : user.following
                ? 'friend of the shop'
                : 'not a friend yet',
          ),
        ),
      ),
    ),
  )
  const content = () => [
    h('header', {}, h('h1', {}, 'Phone'), h('p', {}, 'A simulated LINE: you are the customer.')),
    h('ul', { class: 'people' }, people),
    newPerson(choose),
    current ? relation(current) : null,
    h(
      'nav',
      { ariaLabel: 'Sandbox' },
      h('a', { href: '/mailbox', target: '_blank' }, 'Mailbox'),
      h('a', { href: '/faults', target: '_blank' }, 'Faults'),
      h('a', { href: '/', target: '_blank' }, 'Sandbox'),
    ),
  ]
  $('#desk').replaceChildren(...content().filter(Boolean))
}

function newPerson(choose) {
  const name = h('input', {
    name: 'displayName',
    required: true,
    maxLength: 100,
    placeholder: 'Name',
    ariaLabel: 'Name',
  })
  const language = h(
    'select',
    { name: 'language', ariaLabel: 'Language' },
    [
      ['th', 'ไทย'],
      ['en', 'English'],
      ['ja', '日本語'],
      ['id', 'Indonesia'],
      ['ru', 'Русский'],
    ].map(([value, label]) => h('option', { value }, label)),
  )
  return h(
    'form',
    {
      class: 'new-person',
      onsubmit: async (event) => {
        event.preventDefault()
        const user = await api.createUser({ displayName: name.value, language: language.value })
        choose(user.userId)
      },
    },
    name,
    language,
    h('button', { type: 'submit', ariaLabel: 'New person', title: 'New person' }, icon('plus')),
  )
}

/** Friend or not, and the way to change it. */
function relation(user) {
  const act = (work) => () => work(user.userId).catch((error) => toast(error.message))
  if (user.blocked) return h('div', { class: 'relation' }, button(t('unblock'), act(api.follow)))
  return h(
    'div',
    { class: 'relation' },
    user.following ? null : button(t('addFriend'), act(api.follow), 'main'),
    button(t('block'), act(api.unfollow)),
  )
}

const button = (label, onclick, kind = '') => h('button', { type: 'button', class: kind, onclick }, label)
