import * as api from '../api/conversations.ts'
import { useSession } from './session.ts'

/** A message on the screen; `local` while only this browser knows of it. */
export type Shown = api.MessageView & {
  local?: { file?: Blob; preview?: string; error?: string; offline?: boolean }
}

/** By time; what only this browser knows of comes last. */
export const sorted = (messages: Shown[]) =>
  [...messages].sort(
    (one, other) => Number(!!one.local) - Number(!!other.local) || one.at.localeCompare(other.at),
  )

/** What the server is sent of a message; a picture is uploaded first. */
export async function contentOf({ conversationId, text, direction, local }: Shown) {
  if (!local?.file) return { kind: direction === 'note' ? ('note' as const) : ('text' as const), text }
  const { mediaId } = await api.uploadPicture(conversationId, local.file)
  return { kind: 'image' as const, mediaId }
}

/** A message of this browser's, as it is shown before the server has heard of it. */
export function draftOf(conversationId: string, given: Partial<Shown>): Shown {
  const { me } = useSession()
  const clientId = crypto.randomUUID()
  return {
    id: `local-${clientId}`,
    conversationId,
    direction: 'out',
    kind: 'text',
    text: '',
    media: null,
    data: null,
    card: null,
    orderId: null,
    author: me && { id: me.id, name: me.name },
    state: 'queued',
    failure: null,
    receipt: null,
    clientId,
    at: new Date().toISOString(),
    local: {},
    ...given,
  }
}
