// Beside the phone with Messenger: who holds it, and whether they have blocked the page.
import { drawDesk, newPerson, personButton } from '../desk-frame.js'
import { h } from '../dom.js'
import { t } from '../words.js'
import * as api from './api.js'
import { attempt } from './composer.js'

const languages = [
  ['th_TH', 'ไทย'],
  ['en_US', 'English'],
  ['ja_JP', '日本語'],
  ['id_ID', 'Indonesia'],
  ['ru_RU', 'Русский'],
]

async function create(name, locale) {
  const [firstName, ...rest] = name.trim().split(' ')
  return (await api.createPerson({ firstName, lastName: rest.join(' '), locale })).psid
}

/** Builds the desk; `choose(psid)` changes who holds the phone. Returns what brings it up to date. */
export function createDesk(choose) {
  const { people, relation } = drawDesk({
    about: 'A simulated Messenger: you are the customer.',
    other: { href: '/phone', label: 'Take the phone with LINE' },
    add: newPerson({ languages, create, choose }),
  })
  return (all, current) => {
    people.replaceChildren(
      ...all.map(({ psid, firstName, lastName, blocked }) =>
        personButton({
          picture: `/__sim/messenger/pictures/${psid}.svg`,
          name: `${firstName} ${lastName}`,
          standing: blocked ? 'has blocked the page' : 'on Messenger',
          isCurrent: psid === current.psid,
          choose: () => choose(psid),
        }),
      ),
    )
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
