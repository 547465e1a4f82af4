import { HTTPFetchError, type messagingApi } from '@line/bot-sdk'
import type { Outgoing, OutgoingMessage, QuickReply, Sent } from '../../channel.ts'
import { explain, within } from './errors.ts'

type Client = messagingApi.MessagingApiClient
type LineMessage = messagingApi.Message

const longestAltText = 1500
const mostQuickReplies = 13

/** One call: by the reply token where there is one, else by a push under the retry key. */
export async function sendLine(client: Client, outgoing: Outgoing): Promise<Sent> {
  const messages = outgoing.messages.map((message, index) =>
    // LINE shows quick replies under the last message of a call only, and refuses nothing else about them.
    toLine(message, index === outgoing.messages.length - 1),
  )
  return outgoing.replyToken
    ? reply(client, outgoing.replyToken, messages)
    : push(client, outgoing.to, messages, outgoing.retryKey)
}

async function reply(client: Client, replyToken: string, messages: LineMessage[]): Promise<Sent> {
  try {
    // No retry key: LINE refuses a reply that carries one.
    const { httpResponse, body } = await within(client.replyMessageWithHttpInfo({ replyToken, messages }))
    return { ids: idsOf(body), requestId: httpResponse.headers.get('x-line-request-id') }
  } catch (error) {
    throw explain(error, 'reply')
  }
}

async function push(client: Client, to: string, messages: LineMessage[], retryKey: string): Promise<Sent> {
  try {
    const { httpResponse, body } = await within(client.pushMessageWithHttpInfo({ to, messages }, retryKey))
    return { ids: idsOf(body), requestId: httpResponse.headers.get('x-line-request-id') }
  } catch (error) {
    return acceptedBefore(error) ?? fail(error)
  }
}

const fail = (error: unknown): never => {
  throw explain(error, 'push')
}

/** LINE answers 409 when the first try under this key did arrive, and names it: that is success. */
function acceptedBefore(error: unknown): Sent | null {
  if (!(error instanceof HTTPFetchError) || error.status !== 409) return null
  const requestId = error.headers.get('x-line-accepted-request-id')
  return requestId ? { ids: idsOf(parse(error.body)), requestId } : null
}

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}

const idsOf = (body: unknown): string[] =>
  ((body as { sentMessages?: { id?: string }[] }).sentMessages ?? []).flatMap(({ id }) => (id ? [id] : []))

function toLine(message: OutgoingMessage, isLast: boolean): LineMessage {
  switch (message.kind) {
    case 'text':
      return { type: 'text', text: message.text, ...quick(message.quickReplies, isLast) }
    case 'image':
      return { type: 'image', originalContentUrl: message.url, previewImageUrl: message.previewUrl }
    case 'card':
      return {
        type: 'flex',
        altText: message.fallback.slice(0, longestAltText),
        contents: message.card as messagingApi.FlexContainer,
        ...quick(message.quickReplies, isLast),
      }
  }
}

function quick(replies: QuickReply[] | undefined, isLast: boolean): { quickReply?: messagingApi.QuickReply } {
  if (!isLast || !replies?.length) return {}
  const items = replies.slice(0, mostQuickReplies).map(({ label, data }) => ({
    type: 'action' as const,
    action: data
      ? { type: 'postback' as const, label, data, displayText: label }
      : { type: 'message' as const, label, text: label },
  }))
  return { quickReply: { items } }
}
