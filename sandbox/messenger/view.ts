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
  const letter = [...firstName.trim()].find((sign) => /\p{L}|\p{N}/u.test(sign)) ?? '?'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="${colour}"/><text x="48" y="62" text-anchor="middle" font-family="system-ui,sans-serif" font-size="42" font-weight="600" fill="#fff">${letter}</text></svg>`
}
