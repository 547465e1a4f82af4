import { changesOf } from '../chats/changes.ts'
import type { Delivery } from '../chats/deliveries.ts'
import type { Keeper } from '../chats/keep.ts'
import { waitForOne } from '../wait-for.ts'
import { contextOf } from './context.ts'
import { summary } from './messages.ts'
import type { People } from './people.ts'
import type { ApiCall, MessengerService } from './service.ts'
import type { Entry, MessengerPage, Person } from './types.ts'
import { type ChatView, viewChat } from './view.ts'
import type { WebhookSender } from './webhook.ts'

/** Drives the simulated Messenger from a test: what people do, what they see, and what went over the wire. */
export interface MessengerHandle extends People {
  page: MessengerPage
  /** Somebody new, who has not written yet unless `wrote`. */
  createPerson(about?: { firstName?: string; lastName?: string; locale?: string; wrote?: boolean }): Person
  person(psid: string): Person
  chat(psid: string): Entry[]
  view(psid: string): ChatView
  /** The page's messages in a chat, oldest first. */
  received(psid: string): Entry[]
  /** Waits until an entry of the chat fits, at most 10 s. Throws with what is in the chat. */
  waitFor(psid: string, fits: (entry: Entry) => boolean, patience?: number): Promise<Entry>
  webhook: WebhookSender
  deliveries(): Delivery[]
  /** Requests that reached the API, oldest first. */
  calls(): ApiCall[]
  /** What the extensions tell a page; `overrides` replace what is signed. */
  signedRequest(psid: string, overrides?: object): string
  /** The domains whose pages may use the extensions. */
  whitelist(...origins: string[]): void
  settled(): Promise<void>
  close(): void
}

export function createMessengerHandle(service: MessengerService, keeper: Keeper): MessengerHandle {
  const { world, people, webhook, page, context } = service
  return {
    ...people,
    page,
    createPerson({ firstName = 'Somchai', wrote = false, ...about } = {}) {
      const person = world.create({ firstName, ...about })
      if (wrote) person.lastActionAt = context.clock.now()
      return person
    },
    person: (psid) => world.person(psid),
    chat: (psid) => world.chat(psid).entries,
    view: (psid) => viewChat(service, psid),
    received: (psid) => world.chat(psid).entries.filter(({ from }) => from === 'page'),
    waitFor: (psid, fits, patience) =>
      waitForOne(
        {
          all: () => world.chat(psid).entries,
          onChange: changesOf(world, psid),
          describe: ({ from, message }) => `${from}: ${summary(message).slice(0, 100)}`,
        },
        fits,
        patience,
      ),
    webhook,
    deliveries: () => webhook.deliveries,
    calls: () => service.calls,
    signedRequest: (psid, overrides = {}) =>
      contextOf(page, world.person(psid), context.clock.now(), overrides).signed_request,
    whitelist(...origins) {
      world.profile = { ...world.profile, whitelisted_domains: origins }
    },
    settled: () => webhook.idle(),
    close() {
      webhook.close()
      keeper.flush()
    },
  }
}
