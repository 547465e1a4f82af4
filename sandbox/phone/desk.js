// Beside the phone with LINE: who holds it, and how they stand with the shop. On a real phone this is a drawer.
import * as api from './api.js'
import { drawDesk, newPerson, personButton } from './desk-frame.js'
import { h, toast } from './dom.js'
import { t } from './words.js'

const languages = [
  ['th', 'ไทย'],
  ['en', 'English'],
  ['ja', '日本語'],
  ['id', 'Indonesia'],
  ['ru', 'Русский'],
]

/** Builds the desk; `choose(userId)` changes who holds the phone. Returns what brings it up to date. */
export function createDesk(choose) {
  const create = async (displayName, language) => (await api.createUser({ displayName, language })).userId
  const { people, relation } = drawDesk({
    about: 'A simulated LINE: you are the customer.',
    other: { href: '/phone/messenger', label: 'Take the phone with Messenger' },
    add: newPerson({ languages, create, choose }),
  })
  return (users, current) => {
    people.replaceChildren(
      ...users.map((user) =>
        personButton({
          picture: `/__sim/line/pictures/${user.userId}.svg`,
          name: user.displayName,
          standing: standing(user),
          isCurrent: user.userId === current.userId,
          choose: () => choose(user.userId),
        }),
      ),
    )
    relation.replaceChildren(...drawTies(current))
  }
}

function standing(user) {
  if (user.blocked) return 'has blocked the shop'
  return user.following ? 'friend of the shop' : 'not a friend yet'
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
