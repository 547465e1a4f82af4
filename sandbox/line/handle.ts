import { changesOf } from '../chats/changes.ts'
import type { Delivery } from '../chats/deliveries.ts'
import type { Keeper } from '../chats/keep.ts'
import { waitForOne } from '../wait-for.ts'
import type { IdTokens } from './login/id-tokens.ts'
import type { People } from './people.ts'
import type { ApiCall, LineService } from './service.ts'
import type { ChatEntry, Fields, LineUser, NewEvent } from './types.ts'
import { type ChatView, viewChat } from './view.ts'
import type { WebhookSender } from './webhook.ts'

/** Drives the simulated LINE from a test: what people do, what they see, and what went over the wire. */
export interface LineHandle extends People {
  /** A new person, who is a friend of the shop unless `follow` is false (no follow event is sent). */
  createUser(about?: { displayName?: string; language?: string; userId?: string; follow?: boolean }): LineUser
  user(userId: string): LineUser
  /** What the person sees: everything that was written, by both sides, oldest first. */
  chat(userId: string): ChatEntry[]
  view(userId: string): ChatView
  /** The shop's messages in a chat, oldest first. */
  received(userId: string): ChatEntry[]
  /**
   * Waits until an entry of the chat fits, and returns the first that does; at most 10 s unless `patience` (ms)
   * says otherwise. Throws with what is in the chat.
   */
  waitFor(userId: string, fits: (entry: ChatEntry) => boolean, patience?: number): Promise<ChatEntry>
  webhook: WebhookSender
  /** Sends an event of any kind, with an id and, if it can be answered, a reply token. */
  emit(event: NewEvent, options?: { replyable?: boolean; mode?: 'active' | 'standby' }): Promise<Fields>
  deliveries(): Delivery[]
  /** Requests that reached the API, oldest first. */
  calls(): ApiCall[]
  /** An ID token as a page in LINE gets it; `overrides` replace claims. */
  idToken(userId: string, overrides?: Fields): string
  /** Moves the clock of the whole sandbox forward. */
  advance(milliseconds: number): void
  /** Resolves when no webhook is on its way and no redelivery waits. */
  settled(): Promise<void>
  close(): void
}

export function createLineHandle(service: LineService, idTokens: IdTokens, keeper: Keeper): LineHandle {
  const { world, people, webhook, context } = service
  const received = (userId: string) => world.chat(userId).entries.filter((entry) => entry.from === 'shop')

  return {
    ...people,
    createUser({ displayName = 'Somchai', follow = true, ...about } = {}) {
      const user = world.createUser({ displayName, ...about })
      user.following = follow
      return user
    },
    user: (userId) => world.user(userId),
    chat: (userId) => world.chat(userId).entries,
    view: (userId) => viewChat(service, userId),
    received,
    waitFor: (userId, fits, patience) =>
      waitForOne(
        {
          all: () => world.chat(userId).entries,
          onChange: changesOf(world, userId),
          describe: ({ from, message }) => `${from}: ${summary(message)}`,
        },
        fits,
        patience,
      ),
    webhook,
    emit: webhook.emit,
    deliveries: () => webhook.deliveries,
    calls: () => service.calls,
    idToken: (userId, overrides = {}) => idTokens.issueForLiff(world.user(userId), overrides),
    advance: (milliseconds) => context.clock.advance(milliseconds),
    settled: () => webhook.idle(),
    close() {
      webhook.close()
      keeper.flush()
    },
  }
}

const summary = (message: Fields): string =>
  `${message['type']} ${String(message['text'] ?? message['altText'] ?? '').slice(0, 100)}`
