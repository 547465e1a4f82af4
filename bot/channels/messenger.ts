import { createHash, timingSafeEqual } from 'node:crypto'
import type { Settings } from '../../server/settings.ts'
import type { Channel } from '../channel.ts'
import { createBackOff } from './messenger/back-off.ts'
import { createGraph } from './messenger/graph.ts'
import { fetchFile } from './messenger/media.ts'
import { findProfile } from './messenger/profile.ts'
import { readMessenger } from './messenger/read.ts'
import { sendMessenger } from './messenger/send.ts'
import { testMessenger } from './messenger/test.ts'
import { windowOf } from './messenger/window.ts'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Takes as long for a token that is nearly right as for any other. */
const isSame = (given: unknown, wanted: string): boolean =>
  typeof given === 'string' && timingSafeEqual(digest(given), digest(wanted))

/** Messenger, by the Graph API: one page. */
export function messenger(settings: Settings): Channel | undefined {
  const { messenger: keys } = settings
  if (!keys) return undefined
  const graph = createGraph(keys)
  const backOff = createBackOff()

  return {
    title: 'Messenger',

    read: (headers, body) => readMessenger(headers, body, keys),

    handshake(query) {
      const { verifyToken } = keys
      if (query['hub.mode'] !== 'subscribe' || verifyToken === null) return null
      if (!isSame(query['hub.verify_token'], verifyToken)) return null
      const challenge = query['hub.challenge']
      return typeof challenge === 'string' ? challenge : null
    },

    send: (outgoing) => sendMessenger(graph, backOff, outgoing),

    profile: (externalId) => findProfile(graph, externalId),

    media: (reference) => fetchFile(reference, keys.apiUrl),

    async typing(externalId) {
      await graph.post('me/messages', { recipient: { id: externalId }, sender_action: 'typing_on' })
    },

    leave: async () => undefined,

    test: () => testMessenger(graph, keys, `${settings.publicUrl}/webhooks/messenger`),

    limits: {
      text: 2000,
      messagesPerCall: 1,
      // Up to a thousand updates come in one, and each of them may be long.
      webhook: 8 * 1024 * 1024,
      replyWindow: 0,
      quickReplies: 13,
      window: windowOf,
      retryKeys: false,
      picturesExpire: true,
      tellsReturn: false,
    },
    cards: 'messenger',
    chatUrl: `https://m.me/${keys.pageId}`,
  }
}
