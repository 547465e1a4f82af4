import { Customers } from '../models/customer.ts'
import {
  editReceived,
  findConversation,
  type Received,
  receiveMessage,
  takeBack,
} from '../server/conversation/index.ts'
import { setReachable } from '../server/customer/index.ts'
import { translate } from '../server/language/index.ts'
import { shopSettings } from '../server/shop/index.ts'
import { type Acquaintance, lose, meet } from './acquaintances.ts'
import { inBackground } from './background.ts'
import type { IncomingMessage } from './channel.ts'
import { channelNamed } from './channels.ts'
import { wakeMedia } from './media.ts'
import { answerPostback, postbackLabel } from './reactions/postbacks.ts'
import { answerWhenClosed, welcome } from './reactions/welcome.ts'
import type { StoredIncoming } from './webhooks.ts'

/** What a stored event of a channel leads to. Every part can be repeated: an event may come here twice. */
export async function handleIncoming(channel: string, incoming: StoredIncoming): Promise<void> {
  const { event, externalId } = incoming
  if (event.kind === 'joined' || event.kind === 'group') return leavePolitely(channel, incoming, event.group)
  if (event.kind === 'ignored' || externalId === null) return
  const person = { channel, externalId }

  switch (event.kind) {
    case 'message':
      return hear(await meet(person, event.message.text), event.message, incoming)
    case 'postback':
      return answer(await meet(person, ''), event, incoming)
    case 'follow': {
      lose(person)
      const place = await meet(person, '')
      await receiveMessage(place, eventLine(incoming, 'follow'))
      return inBackground('Welcoming', () => welcome(place._id))
    }
    case 'unfollow': {
      lose(person)
      await setReachable(channel, externalId, false)
      const conversation = await findConversation(channel, externalId)
      if (conversation) await receiveMessage(conversation, eventLine(incoming, 'unfollow'))
      return
    }
    case 'unsend':
      return takeBack(await meet(person, ''), event.messageId)
    case 'edited':
      return editReceived(await meet(person, event.text), {
        externalId: event.messageId,
        text: event.text,
        at: new Date(incoming.timestamp),
      })
  }
}

async function hear(place: Acquaintance, message: IncomingMessage, incoming: StoredIncoming): Promise<void> {
  const { id: externalId, kind, text, data, mediaReference } = message
  const conversation = await receiveMessage(place, {
    ...about(incoming),
    externalId,
    kind,
    text,
    data,
    mediaReference,
    waits: true,
  })
  if (mediaReference) wakeMedia()
  if (!conversation) return
  if (conversation.greetedAt === null) return inBackground('Welcoming', () => welcome(place._id))
  await answerWhenClosed(conversation)
}

async function answer(
  place: Acquaintance,
  { data, label }: { data: string; label: string },
  incoming: StoredIncoming,
): Promise<void> {
  const customer = await Customers.findById(place.customer).lean()
  if (!customer) return
  const conversation = await receiveMessage(place, {
    ...about(incoming),
    externalId: `postback:${incoming.eventId}`,
    kind: 'postback',
    text: label || postbackLabel(data, customer.language),
    data: { data },
    waits: data === 'staff',
  })
  if (conversation) await answerPostback({ conversation, customer, data, eventId: incoming.eventId })
}

/** What every event says about itself. */
const about = ({ timestamp, receivedAt, replyToken }: StoredIncoming) => ({
  at: new Date(timestamp),
  mediaReference: null,
  reply: replyToken ? { token: replyToken, receivedAt: new Date(receivedAt) } : null,
})

/** A line in the thread about something other than words: nobody has to read it. */
const eventLine = (incoming: StoredIncoming, event: string): Received => ({
  ...about(incoming),
  externalId: `event:${incoming.eventId}`,
  kind: 'event',
  text: '',
  data: { event },
  waits: false,
})

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
