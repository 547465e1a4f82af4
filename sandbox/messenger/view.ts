import { pictureOf } from '../chats/picture.ts'
import type { MessengerService } from './service.ts'
import type { Entry, Fields, Person } from './types.ts'

/** What the phone shows of one person's chat. */
export interface ChatView {
  person: Person
  page: { name: string }
  entries: Entry[]
  typing: boolean
  /** Up to here the shop has seen what they wrote. */
  seenAt: number | null
  profile: Fields
}

export function viewChat({ world, page }: MessengerService, psid: string): ChatView {
  const { entries, typing, seenAt } = world.chat(psid)
  return {
    person: world.person(psid),
    page: { name: page.name },
    entries,
    typing,
    seenAt: seenAt ?? null,
    profile: world.profile,
  }
}

const COLOURS = ['#0a66c2', '#7a4fd0', '#c2417a', '#2f7d6b', '#b0622f']

/** A picture of somebody who has none: the first letter on a colour of their own. */
export function drawPicture({ psid, firstName }: Person): string {
  const colour = COLOURS[Number(psid.slice(-3)) % COLOURS.length]
  return pictureOf(firstName, colour)
}
