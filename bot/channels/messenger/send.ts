import { log } from '../../../server/log.ts'
import {
  type Outgoing,
  type OutgoingMessage,
  Partly,
  type QuickReply,
  Refused,
  type Sent,
  TryLater,
} from '../../channel.ts'
import { cut } from '../../text.ts'
import type { BackOff } from './back-off.ts'
import { explain, GraphRefusal, isBusy } from './errors.ts'
import type { Graph } from './graph.ts'
import { sendingAs } from './window.ts'

const mostReplies = 13
const longestTitle = 20
const domainNotListed = 2018063
const notOurThread = 2018300

/** A quick reply without data says its label: Meta wants a payload all the same. */
export const saysItsLabel = 'say'

/** One message after another: Meta takes one in a call. Each carries its mark, which comes back with the echo. */
export async function sendMessenger(graph: Graph, backOff: BackOff, outgoing: Outgoing): Promise<Sent> {
  const ids: string[] = []
  for (const [index, message] of outgoing.messages.entries()) {
    try {
      const isLast = index === outgoing.messages.length - 1
      const metadata = outgoing.marks[index] ?? ''
      ids.push(await sendOne(graph, backOff, outgoing, { ...toMessenger(message, isLast), metadata }))
    } catch (error) {
      throw ids.length ? new Partly(ids, error) : error
    }
  }
  return { ids, requestId: null }
}

async function sendOne(graph: Graph, backOff: BackOff, outgoing: Outgoing, message: object): Promise<string> {
  backOff.check()
  const call = (what: object) =>
    graph.post('me/messages', {
      recipient: { id: outgoing.to },
      ...sendingAs(outgoing.window),
      message: what,
    })
  try {
    const answer = await again(
      () => call(message),
      [
        [domainNotListed, () => withoutExtensions(call, message)],
        [notOurThread, () => (outgoing.byPerson ? takeBack(graph, outgoing.to, () => call(message)) : null)],
      ],
    )
    backOff.release()
    return String(answer['message_id'] ?? '')
  } catch (error) {
    const explained = explain(error)
    if (isBusy(error) && explained instanceof TryLater) backOff.hold(explained.after)
    throw explained
  }
}

/** Sends, and when Meta refuses for a reason that has a cure, once more with the cure. Nothing was taken before. */
async function again<T>(
  send: () => Promise<T>,
  cures: [subcode: number, cure: () => Promise<T> | null][],
): Promise<T> {
  try {
    return await send()
  } catch (error) {
    const cure = cures.find(([subcode]) => error instanceof GraphRefusal && error.subcode === subcode)?.[1]()
    if (!cure) throw error
    return cure
  }
}

/** The shop's domain is not on the page's list yet: the button opens all the same, as any web page does. */
function withoutExtensions<T>(call: (message: object) => Promise<T>, message: object): Promise<T> {
  log.warn("The shop's address is not on the page's list of domains: run npm run setup:messenger")
  return call(
    JSON.parse(JSON.stringify(message), (key, value) =>
      key === 'messenger_extensions' || key === 'fallback_url' ? undefined : value,
    ) as object,
  )
}

/** Somebody of the staff writes, so the chat is ours again. */
async function takeBack<T>(graph: Graph, psid: string, send: () => Promise<T>): Promise<T> {
  await graph.post('me/take_thread_control', { recipient: { id: psid }, metadata: '' })
  return send()
}

function toMessenger(message: OutgoingMessage, isLast: boolean): object {
  switch (message.kind) {
    case 'text':
      return { text: message.text, ...quick(message.quickReplies, isLast) }
    case 'image':
      return { attachment: { type: 'image', payload: { url: message.url, is_reusable: false } } }
    case 'card':
      if (typeof message.card !== 'object' || message.card === null) {
        throw new Refused('invalid', 'The card is empty')
      }
      return { ...message.card, ...quick(message.quickReplies, isLast) }
  }
}

function quick(replies: QuickReply[] | undefined, isLast: boolean): object {
  if (!isLast || !replies?.length) return {}
  return {
    quick_replies: replies.slice(0, mostReplies).map(({ label, data }) => ({
      content_type: 'text',
      title: cut(label, longestTitle),
      payload: data || saysItsLabel,
    })),
  }
}
