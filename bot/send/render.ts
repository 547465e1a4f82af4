import { MediaFiles, type Message } from '../../models/conversation.ts'
import { mediaPath } from '../../server/conversation/index.ts'
import { settings } from '../../server/settings.ts'
import type { Channel, OutgoingMessage } from '../channel.ts'
import { split } from '../text.ts'

/** How many of the platform's own messages one of ours becomes. */
export const unitsOf = (message: Message, channel: Channel): number =>
  message.kind === 'text' || (message.kind === 'card' && !(channel.cards && message.card))
    ? Math.max(1, split(message.text, channel.limits.text).length)
    : 1

/** What comes back with an echo, where there are any: which message of ours, and which of its pieces. */
export const markOf = (message: Message, piece: number): string => `${message._id}:${piece}`

/**
 * What a call holds, in the channel's words. The same messages always become the same words: a call that goes again
 * under its key must not differ. Null when there is nothing to send.
 */
export async function render(call: Message[], channel: Channel): Promise<OutgoingMessage[] | null> {
  const rendered = (await Promise.all(call.map((message) => renderOne(message, channel)))).flat()
  return rendered.length ? rendered : null
}

async function renderOne(message: Message, channel: Channel): Promise<OutgoingMessage[]> {
  const quickReplies = message.quickReplies ?? []
  if (message.kind === 'image') {
    const media = await MediaFiles.findById(message.media, { key: 1, state: 1 }).lean()
    if (media?.state !== 'stored') return []
    const url = settings().publicUrl + mediaPath(media)
    return [{ kind: 'image', url, previewUrl: url }]
  }
  if (message.kind === 'card' && channel.cards && message.card) {
    return [{ kind: 'card', card: message.card, fallback: message.text, quickReplies }]
  }
  const texts = split(message.text, channel.limits.text)
  return texts.map((text, index) => ({
    kind: 'text' as const,
    text,
    ...(index === texts.length - 1 && { quickReplies }),
  }))
}
