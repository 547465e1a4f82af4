import type { Clock } from '../clock.ts'
import { newMid, newPsid } from './ids.ts'
import type { Chat, Entry, Fields, Person } from './types.ts'

/** What the simulated Messenger knows of people and their chats with the page. */
export interface World {
  people: Map<string, Person>
  create(about: { firstName: string; lastName?: string; locale?: string; psid?: string }): Person
  /** Throws when there is no such person. */
  person(psid: string): Person
  chat(psid: string): Chat
  /** Adds a line to a chat, or replaces the one with the same id. */
  show(psid: string, entry: Omit<Entry, 'mid' | 'at'> & Partial<Pick<Entry, 'mid' | 'at'>>): Entry
  entry(psid: string, mid: string): Entry | undefined
  /** Says that something about this person has changed, to the phone pages and to whoever waits. */
  changed(psid: string): void
  onChange(listener: (psid: string) => void): () => void
  /** Settings of the page that customers see: menu, greeting and so on. */
  profile: Fields
  /** Forgets everybody and every chat. */
  clear(): void
  restore(saved: SavedWorld): void
  snapshot(): SavedWorld
}

export interface SavedWorld {
  people: Person[]
  chats: Record<string, Entry[]>
  profile: Fields
}

const LONGEST_CHAT = 500

export function createWorld(clock: Clock): World {
  const people = new Map<string, Person>()
  const chats = new Map<string, Chat>()
  const listeners = new Set<(psid: string) => void>()

  const world: World = {
    people,
    profile: {},
    create({ firstName, lastName = '', locale = 'th_TH', psid = newPsid() }) {
      const person: Person = {
        psid,
        firstName,
        lastName,
        locale,
        blocked: false,
        owner: 'shop',
        started: false,
      }
      people.set(psid, person)
      world.changed(psid)
      return person
    },
    person(psid) {
      const person = people.get(psid)
      if (!person) throw new Error(`There is no simulated Messenger user ${psid}`)
      return person
    },
    chat(psid) {
      let chat = chats.get(psid)
      if (!chat) {
        chat = { entries: [], typing: false }
        chats.set(psid, chat)
      }
      return chat
    },
    show(psid, line) {
      const entry: Entry = { ...line, mid: line.mid ?? newMid(), at: line.at ?? clock.now() }
      const chat = world.chat(psid)
      const place = chat.entries.findIndex(({ mid }) => mid === entry.mid)
      if (place >= 0) chat.entries[place] = entry
      else chat.entries.push(entry)
      chat.entries.splice(0, chat.entries.length - LONGEST_CHAT)
      if (entry.from === 'page') chat.typing = false
      world.changed(psid)
      return entry
    },
    entry: (psid, mid) => world.chat(psid).entries.find((entry) => entry.mid === mid),
    changed(psid) {
      for (const listener of listeners) listener(psid)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    clear() {
      const everybody = [...people.keys()]
      people.clear()
      chats.clear()
      for (const psid of everybody) world.changed(psid)
    },
    restore(saved) {
      for (const person of saved.people) people.set(person.psid, person)
      for (const [psid, entries] of Object.entries(saved.chats)) chats.set(psid, { entries, typing: false })
      world.profile = saved.profile
    },
    snapshot: () => ({
      people: [...people.values()],
      chats: Object.fromEntries([...chats].map(([psid, { entries }]) => [psid, entries])),
      profile: world.profile,
    }),
  }
  return world
}
