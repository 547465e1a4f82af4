import type { Conversation } from '../models/conversation.ts'
import type { Customer } from '../models/customer.ts'
import {
  editReceived,
  findConversation,
  keepReplyToken,
  openConversation,
  receiveMessage,
  takeBack,
} from '../server/conversation/index.ts'
import { setReachable, upsertCustomer } from '../server/customer/index.ts'
import { translate } from '../server/language/index.ts'
import { shopSettings } from '../server/shop/index.ts'
import { inBackground } from './background.ts'
import type { IncomingMessage } from './channel.ts'
import { channelNamed } from './channels.ts'
import { guessLanguage } from './language.ts'
import { wakeMedia } from './media.ts'
import { answerPostback, postbackLabel } from './reactions/postbacks.ts'
import { answerWhenClosed, welcome } from './reactions/welcome.ts'
import type { StoredIncoming } from './webhooks.ts'

/** What a stored event of a channel leads to. Every part can be repeated: an event may come here twice. */
export async function handleIncoming(channel: string, incoming: StoredIncoming): Promise<void> {
  const { event, externalId } = incoming
  if (event.kind === 'joined' || event.kind === 'group') return leavePolitely(channel, incoming, event.group)
  if (event.kind === 'ignored' || externalId === null) return
  const at = new Date(incoming.timestamp)
  const person = { channel, externalId }

  switch (event.kind) {
    case 'message':
      return hear(await meet(person, incoming, event.message.text), event.message, at)
    case 'postback': {
      const { conversation, customer } = await meet(person, incoming, '')
      const fresh = await receiveMessage(conversation, {
        externalId: `postback:${incoming.eventId}`,
        kind: 'postback',
        text: event.label || postbackLabel(event.data, customer.language),
        data: { data: event.data },
        at,
        mediaReference: null,
        waits: event.data === 'staff',
      })
      if (fresh) await answerPostback({ conversation, customer, data: event.data, eventId: incoming.eventId })
      return
    }
    case 'follow': {
      const { conversation } = await meet(person, incoming, '')
      await noteEvent(conversation, incoming, 'follow')
      return inBackground('Welcoming', () => welcome(conversation._id))
    }
    case 'unfollow': {
      await setReachable(channel, externalId, false)
      const conversation = await findConversation(channel, externalId)
      if (conversation) await noteEvent(conversation, incoming, 'unfollow')
      return
    }
    case 'unsend':
      return takeBack((await meet(person, incoming, '')).conversation, event.messageId)
    case 'edited':
      return editReceived((await meet(person, incoming, event.text)).conversation, {
        externalId: event.messageId,
        text: event.text,
        at,
      })
  }
}

/** The customer and the one conversation behind an event; whoever writes can be reached again. */
async function meet(
  person: { channel: string; externalId: string },
  incoming: StoredIncoming,
  text: string,
): Promise<{ customer: Customer; conversation: Conversation }> {
  const { channel, externalId } = person
  const language = guessLanguage(text, await shopSettings())
  const { customer } = await upsertCustomer({ ...person, language })
  const conversation = await openConversation({ ...person, customer: customer._id })
  const identity = customer.identities.find((one) => one.channel === channel && one.externalId === externalId)
  if (identity?.reachable === false) await setReachable(channel, externalId, true)
  if (incoming.replyToken) {
    const reply = { token: incoming.replyToken, receivedAt: new Date(incoming.receivedAt) }
    await keepReplyToken(conversation._id, reply)
  }
  return { customer, conversation }
}

async function hear(
  { customer, conversation }: { customer: Customer; conversation: Conversation },
  message: IncomingMessage,
  at: Date,
): Promise<void> {
  const { id: externalId, kind, text, data, mediaReference } = message
  const waits = true
  const shown = await receiveMessage(conversation, {
    externalId,
    kind,
    text,
    data,
    at,
    mediaReference,
    waits,
  })
  if (mediaReference) wakeMedia()
  if (!shown) return
  if (conversation.greetedAt === null) return inBackground('Welcoming', () => welcome(conversation._id))
  await answerWhenClosed(conversation, customer)
}

/** A line in the thread about something other than words: nobody has to read it. */
async function noteEvent(conversation: Conversation, incoming: StoredIncoming, event: string): Promise<void> {
  await receiveMessage(conversation, {
    externalId: `event:${incoming.eventId}`,
    kind: 'event',
    text: '',
    data: { event },
    at: new Date(incoming.timestamp),
    mediaReference: null,
    waits: false,
  })
}

/** A shop talks to one person at a time: in a group it says so, once, and goes. */
function leavePolitely(
  name: string,
  { replyToken }: StoredIncoming,
  group: { type: string; id: string },
): void {
  const channel = channelNamed(name)
  if (!channel) return
  inBackground('Leaving a group', async () => {
    const { language, name: shop } = await shopSettings()
    if (replyToken) {
      const goodbye = translate(language, 'chat.groupGoodbye', { shop })
      // The goodbye may fail, the leaving may not depend on it.
      await channel
        .send({ to: group.id, messages: [{ kind: 'text', text: goodbye }], replyToken, retryKey: '' })
        .catch(() => undefined)
    }
    await channel.leave(group)
  })
}
