import type { IncomingMessage } from '../../channel.ts'
import { type Fields, fieldsOf, isFields, text } from './fields.ts'

const withContent = ['image', 'video', 'audio', 'file'] as const

/**
 * A message as one of ours for its words and one for each attachment: the first is called by the platform's id, the
 * others by `<id>#1` and so on.
 */
export function readMessages(mid: string, message: Fields): IncomingMessage[] {
  const attachments = withoutCopies(
    (Array.isArray(message['attachments']) ? message['attachments'] : []).filter(isFields),
  )
  const words = text(message['text']) ?? ''
  const replyTo = text(fieldsOf(message['reply_to'])['mid'])
  const parts = attachments.map(readAttachment)
  // A link that is shown with its page comes as words and a "fallback": the words say it all.
  const shown = words ? parts.filter(({ isPreview }) => !isPreview) : parts
  const spoken =
    words || !shown.length ? [{ ...nothing, kind: words ? ('text' as const) : unknownKind, text: words }] : []
  return [...spoken, ...shown].map(({ isPreview: _, ...part }, index) => ({
    ...part,
    id: index ? `${mid}#${index}` : mid,
    data: { ...part.data, ...(replyTo && index === 0 && { replyTo }) },
  }))
}

type Part = Omit<IncomingMessage, 'id'> & { isPreview: boolean }

const unknownKind = 'unknown' as const
const nothing: Part = { kind: unknownKind, text: '', mediaReference: null, data: {}, isPreview: false }

function readAttachment(attachment: Fields): Part {
  const type = text(attachment['type']) ?? ''
  const payload = fieldsOf(attachment['payload'])
  const url = text(payload['url']) ?? text(attachment['url'])
  const sticker = text(payload['sticker_id'])
  // Since June 2026 stickers are a type of their own; before that they were pictures. Their number tells both.
  if (sticker) return { ...nothing, kind: 'sticker', mediaReference: url, data: { type, stickerId: sticker } }
  if (type === 'location') return readPlace(attachment, payload)
  const kind = withContent.find((one) => one === type)
  if (kind) return { ...nothing, kind, mediaReference: url, data: { type } }
  // A shared post, reel or page: its address was chosen by whoever sent it, so it is shown and never fetched.
  const title = text(attachment['title']) ?? text(payload['title'])
  const words = [title, url].filter(Boolean).join('\n')
  return {
    ...nothing,
    kind: words ? 'text' : 'unknown',
    text: words,
    data: { type },
    isPreview: type === 'fallback',
  }
}

function readPlace(attachment: Fields, payload: Fields): Part {
  const { lat, long } = fieldsOf(payload['coordinates'])
  const title = text(attachment['title']) ?? ''
  return {
    ...nothing,
    kind: 'location',
    text: title,
    data: { type: 'location', title, latitude: degrees(lat), longitude: degrees(long) },
  }
}

const degrees = (value: unknown): number | null =>
  value === null || value === '' || !Number.isFinite(Number(value)) ? null : Number(value)

/** For a while a sticker came twice, as a sticker and as a picture: one is enough. */
function withoutCopies(attachments: Fields[]): Fields[] {
  const seen = new Set<string>()
  return attachments.filter((one) => {
    const sticker = text(fieldsOf(one['payload'])['sticker_id'])
    if (!sticker) return true
    if (seen.has(sticker)) return false
    seen.add(sticker)
    return true
  })
}
