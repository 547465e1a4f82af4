import { Customers } from '../models/customer.ts'
import {
  editReceived,
  findConversation,
  heardElsewhere,
  noteReached,
  noteReaction,
  openWindow,
  type Received,
  receiveMessage,
  setElsewhere,
  takeBack,
} from '../server/conversation/index.ts'
import { setReachable } from '../server/customer/index.ts'
import { translate } from '../server/language/index.ts'
import { raiseTask, shopSettings } from '../server/shop/index.ts'
import { type Acquaintance, lose, meet } from './acquaintances.ts'
import { inBackground } from './background.ts'
import type { IncomingMessage } from './channel.ts'
import { channelNamed } from './channels.ts'
import { wakeMedia } from './media.ts'
import { answerPostback, isKnownPostback, namesProduct, postbackLabel } from './reactions/postbacks.ts'
import { answerWhenClosed, welcome } from './reactions/welcome.ts'
import { settleByEcho } from './send/echo.ts'
import type { StoredIncoming } from './webhooks.ts'

/** What a stored event of a channel leads to. Every part can be repeated: an event may come here twice. */
export async function handleIncoming(channel: string, incoming: StoredIncoming): Promise<void> {
  const { event, externalId } = incoming
  if (event.kind === 'joined' || event.kind === 'group') return leavePolitely(channel, incoming, event.group)
  if (event.kind === 'warning') return warn(channel, event.words)
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
      await receiveMessage(place, { ...eventLine(incoming, 'follow'), window: windowIn(channel) })
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
    case 'reaction': {
      const place = await meet(person, '')
      await noteReaction(place, event.messageId, event.emoji)
      return openWindow(place, new Date(incoming.timestamp), windowIn(channel))
    }
    case 'referral':
      return arrive(await meet(person, ''), event.ref, incoming)
    case 'echo':
      return hearEcho(person, event, incoming)
    case 'delivered':
    case 'read':
      return reach(person, event)
    case 'handover': {
      const place = await meet(person, '')
      await setElsewhere(place, !event.ours)
      const line = eventLine(incoming, event.ours ? 'handedBack' : 'handedOver')
      // Whom another app speaks to is greeted by nobody else.
      await receiveMessage(place, { ...line, quiet: !event.ours })
      return
    }
  }
}

const windowIn = (channel: string) => channelNamed(channel)?.limits.window ?? null

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
    window: windowIn(place.channel),
    quiet: incoming.standby === true,
  })
  if (mediaReference) wakeMedia()
  // Another app has the chat: a second voice would only confuse.
  if (!conversation || incoming.standby || conversation.elsewhere) return
  const asked = kind === 'text' && namesProduct(text)
  if (conversation.greetedAt === null) {
    if (!asked) return inBackground('Welcoming', () => welcome(place._id))
    await welcome(place._id)
  } else await answerWhenClosed(conversation)
  if (!asked) return
  // A deep link into a LINE chat can only write words for the customer: those of a product's button are one.
  const customer = await Customers.findById(place.customer).lean()
  if (customer) await answerPostback({ conversation, customer, data: text.trim(), eventId: incoming.eventId })
}

async function answer(
  place: Acquaintance,
  { data, label }: { data: string; label: string },
  incoming: StoredIncoming,
): Promise<void> {
  const known = await Customers.findById(place.customer, { language: 1 }).lean()
  if (!known) return
  const conversation = await receiveMessage(place, {
    ...about(incoming),
    externalId: `postback:${incoming.eventId}`,
    kind: 'postback',
    text: label || postbackLabel(data, known.language),
    data: { data },
    waits: data === 'staff',
    window: windowIn(place.channel),
    quiet: incoming.standby === true,
  })
  if (!conversation || incoming.standby || conversation.elsewhere) return
  // A new person is greeted first, and answered in the language that the greeting has found out.
  if (conversation.greetedAt === null) await welcome(place._id)
  const customer = await Customers.findById(place.customer).lean()
  if (customer) await answerPostback({ conversation, customer, data, eventId: incoming.eventId })
}

/** They came by a link: into the thread it goes, and where it names something that a button does, that is done. */
async function arrive(place: Acquaintance, ref: string, incoming: StoredIncoming): Promise<void> {
  if (isKnownPostback(ref)) return answer(place, { data: ref, label: '' }, incoming)
  const line = {
    ...eventLine(incoming, 'referral'),
    text: ref.slice(0, 250),
    window: windowIn(place.channel),
  }
  const conversation = await receiveMessage(place, line)
  if (conversation?.greetedAt === null) inBackground('Welcoming', () => welcome(place._id))
}

/** What went out in our name: one of ours, which now has arrived for sure, or a colleague's. Never an order to us. */
async function hearEcho(
  person: { channel: string; externalId: string },
  { mark, message }: { mark: string | null; message: IncomingMessage },
  incoming: StoredIncoming,
): Promise<void> {
  const at = new Date(incoming.timestamp)
  if (await settleByEcho(person.channel, { mark, externalId: message.id, at })) return
  const { id: externalId, kind, text, data } = message
  await heardElsewhere(await meet(person, ''), { externalId, kind, text, data, at })
}

async function reach(
  { channel, externalId }: { channel: string; externalId: string },
  event: { kind: 'delivered' | 'read'; until: number; messageIds?: string[] },
): Promise<void> {
  const conversation = await findConversation(channel, externalId)
  if (!conversation) return
  const { kind, until, messageIds = [] } = event
  await noteReached(conversation, kind, { until: new Date(until), externalIds: messageIds })
}

/** The platform warns the shop, or takes something away from it: a person has to read that. */
const warn = (channel: string, words: string) =>
  raiseTask({
    kind: 'channel.warning',
    subject: channel,
    summary: `${channelNamed(channel)?.title ?? channel}: ${words}`,
  })

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
        .send({
          to: group.id,
          messages: [{ kind: 'text', text: goodbye }],
          replyToken,
          retryKey: '',
          marks: [''],
          window: 'anybody',
          byPerson: false,
        })
        .catch(() => undefined)
    }
    await channel.leave(group)
  })
}
