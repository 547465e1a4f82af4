import type { MessageKind } from '../../models/states.ts'

const signs: Partial<Record<MessageKind, string>> = {
  image: '🖼',
  video: '🎞',
  audio: '🎤',
  file: '📎',
  sticker: '🙂',
  location: '📍',
  card: '🧾',
  unknown: '…',
}
const longest = 140

/** One line for the list, without words of any language: a sign for the kind, and what text there is. */
export function previewOf({ kind, text }: { kind: MessageKind; text: string }): string {
  const line = [signs[kind], text.replace(/\s+/g, ' ').trim()].filter(Boolean).join(' ')
  return [...line].slice(0, longest).join('')
}
