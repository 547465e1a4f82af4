import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type Conversation, Conversations, type Message, Messages } from '../../models/conversation.ts'
import type { Sandbox } from '../../sandbox/app.ts'
import type { Entry, Person } from '../../sandbox/messenger/types.ts'
import type { ConversationView, MessageView } from '../../server/conversation/contract.ts'
import { type ChatShop, openShop, until } from './chat.ts'
import { expectStatus } from './client.ts'

/** A shop that stands between the simulated Messenger and its staff. */
export interface MessengerShop extends ChatShop {
  messenger: Sandbox['messenger']
  /** Somebody who has written, and has been greeted. */
  meetOn(about?: { firstName?: string; locale?: string }): Promise<Person>
  conversation(person: Person): Promise<Conversation>
  /** Everything that is stored of the conversation, oldest first. */
  thread(person: Person): Promise<Message[]>
  /** What the person wrote or sent; nothing before they have a conversation. */
  inbound(person: Person): Promise<Message[]>
  /** The thread as staff see it. */
  seen(person: Person): Promise<MessageView[]>
  view(person: Person): Promise<ConversationView>
  /** A member of staff writes. */
  write(person: Person, text: string): Promise<MessageView>
  settled(id: string, state: Message['state']): Promise<Message>
  /** How often a text stands in the person's chat, in the page's name. */
  received(person: Person, text: string): number
}

export async function openMessenger(): Promise<MessengerShop> {
  const shop = await openShop()
  const { messenger } = shop.sandbox
  const conversation = async ({ psid, firstName }: Person) => {
    const found = await Conversations.find({ channel: 'messenger', externalId: psid }).lean()
    assert.equal(found.length, 1, `${found.length} conversations with ${firstName}`)
    return found[0] as Conversation
  }
  const thread = async (person: Person) => {
    const { _id } = await conversation(person)
    return Messages.find({ conversation: _id }).sort({ at: 1, _id: 1 }).lean()
  }
  return {
    ...shop,
    messenger,
    async meetOn(about = {}) {
      const person = messenger.createPerson(about)
      await messenger.say(person.psid, 'สวัสดี')
      await messenger.waitFor(person.psid, ({ from }) => from === 'page')
      await until(async () => !(await Messages.exists({ state: { $in: ['queued', 'sending'] } })))
      await messenger.settled()
      return person
    },
    conversation,
    thread,
    async inbound(person) {
      const all = await thread(person).catch(() => [])
      return all.filter(({ direction, kind }) => direction === 'in' && kind !== 'event')
    },
    async seen(person) {
      const { _id } = await conversation(person)
      const path = `/api/conversations/${_id}/messages`
      return (await expectStatus<{ messages: MessageView[] }>(200, shop.staff.get(path))).messages
    },
    async view(person) {
      const { _id } = await conversation(person)
      return expectStatus<ConversationView>(200, shop.staff.get(`/api/conversations/${_id}`))
    },
    async write(person, text) {
      const { _id } = await conversation(person)
      const words = { kind: 'text', text, clientId: randomUUID() }
      return expectStatus<MessageView>(200, shop.staff.post(`/api/conversations/${_id}/messages`, words))
    },
    settled: (id, state) => until(async () => Messages.findOne({ _id: id, state } as never).lean()),
    received: ({ psid }, text) => messenger.received(psid).filter(pageSays(text)).length,
  }
}

/** An entry of the page that holds this text, as words or in a card. */
export const pageSays =
  (text: string) =>
  ({ from, message }: Entry): boolean =>
    from === 'page' && JSON.stringify(message).includes(JSON.stringify(text).slice(1, -1))
