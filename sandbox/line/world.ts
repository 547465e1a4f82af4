import type { Clock } from '../clock.ts'
import { newMessageId, newUserId } from './ids.ts'
import type { Chat, ChatEntry, LineUser, Message } from './types.ts'

/** What the simulated LINE knows of people and their chats with the shop. */
export interface World {
  users: Map<string, LineUser>
  groups: Map<string, string[]>
  createUser(about: {
    displayName: string
    language?: string
    userId?: string
    statusMessage?: string
  }): LineUser
  /** Throws when there is no such user. */
  user(userId: string): LineUser
  chat(userId: string): Chat
  /** Adds a line to a user's chat, or replaces the one with the same id. */
  show(userId: string, entry: Omit<ChatEntry, 'id' | 'at'> & Partial<Pick<ChatEntry, 'id' | 'at'>>): ChatEntry
  note(userId: string, text: string): void
  findEntry(messageId: string): { userId: string; entry: ChatEntry } | undefined
  /** Runs the shop's loading animation for so many milliseconds; 0 stops it. */
  showLoading(userId: string, milliseconds: number): void
  /** Whether a push would be seen: friends, and strangers who wrote within 7 days. */
  isReachable(user: LineUser): boolean
  /** Says that something about this user has changed, to the phone pages and to whoever waits. */
  changed(userId: string): void
  onChange(listener: (userId: string) => void): () => void
  /** Forgets everybody and every chat. */
  clear(): void
  /** Replaces everything with what was saved. */
  restore(saved: SavedWorld): void
  snapshot(): SavedWorld
}

export interface SavedWorld {
  users: LineUser[]
  chats: Record<string, ChatEntry[]>
}

const STRANGERS_CAN_BE_PUSHED_FOR = 7 * 24 * 3600_000
const LONGEST_CHAT = 500

export function createWorld(clock: Clock, sandboxUrl: () => string): World {
  const users = new Map<string, LineUser>()
  const groups = new Map<string, string[]>()
  const chats = new Map<string, Chat>()
  const listeners = new Set<(userId: string) => void>()

  const world: World = {
    users,
    groups,
    createUser({ displayName, language = 'th', userId = newUserId(), statusMessage }) {
      const pictureUrl = `${sandboxUrl()}/__sim/line/pictures/${userId}.svg`
      const user: LineUser = { userId, displayName, language, pictureUrl, following: false, blocked: false }
      if (statusMessage) user.statusMessage = statusMessage
      users.set(userId, user)
      world.changed(userId)
      return user
    },
    user(userId) {
      const user = users.get(userId)
      if (!user) throw new Error(`There is no simulated LINE user ${userId}`)
      return user
    },
    chat(userId) {
      let chat = chats.get(userId)
      if (!chat) {
        chat = { entries: [] }
        chats.set(userId, chat)
      }
      return chat
    },
    show(userId, line) {
      const now = clock.now()
      const entry: ChatEntry = { ...line, id: line.id ?? newMessageId(now), at: line.at ?? now }
      const chat = world.chat(userId)
      const place = chat.entries.findIndex((known) => known.id === entry.id)
      if (place >= 0) chat.entries[place] = entry
      else chat.entries.push(entry)
      chat.entries.splice(0, chat.entries.length - LONGEST_CHAT)
      // The animation ends by itself as soon as the shop's message is there.
      if (entry.from === 'shop') delete chat.loadingUntil
      world.changed(userId)
      return entry
    },
    note(userId, text) {
      world.show(userId, { from: 'note', message: { type: 'text', text } satisfies Message })
    },
    findEntry(messageId) {
      for (const [userId, chat] of chats) {
        const entry = chat.entries.find(({ id }) => id === messageId)
        if (entry) return { userId, entry }
      }
      return undefined
    },
    showLoading(userId, milliseconds) {
      const chat = world.chat(userId)
      if (milliseconds > 0) chat.loadingUntil = clock.now() + milliseconds
      else delete chat.loadingUntil
      world.changed(userId)
    },
    isReachable(user) {
      if (user.blocked) return false
      const wrote = user.lastWroteAt
      return user.following || (wrote !== undefined && clock.now() - wrote < STRANGERS_CAN_BE_PUSHED_FOR)
    },
    changed(userId) {
      for (const listener of listeners) listener(userId)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    clear() {
      const everybody = [...users.keys()]
      for (const known of [users, groups, chats]) known.clear()
      for (const userId of everybody) world.changed(userId)
    },
    restore(saved) {
      for (const user of saved.users) users.set(user.userId, user)
      for (const [userId, entries] of Object.entries(saved.chats)) chats.set(userId, { entries })
    },
    snapshot: () => ({
      users: [...users.values()],
      chats: Object.fromEntries([...chats].map(([userId, chat]) => [userId, chat.entries])),
    }),
  }
  return world
}
