import { messagingApi } from '@line/bot-sdk'
import type { Settings } from '../../server/settings.ts'
import type { Channel } from '../channel.ts'
import { within } from './line/errors.ts'
import { fetchMedia } from './line/media.ts'
import { readLine } from './line/read.ts'
import { sendLine } from './line/send.ts'
import { isUnknownPerson, testLine } from './line/test.ts'

const askAgainMs = 30_000

/** LINE, by its Messaging API. */
export function line(settings: Settings): Channel | undefined {
  const { line: keys } = settings
  if (!keys) return undefined
  const client = new messagingApi.MessagingApiClient({
    channelAccessToken: keys.channelAccessToken,
    baseURL: keys.apiUrl,
  })

  // Whose webhooks are ours: LINE tells, and until it has, nothing is taken for somebody else's.
  let account: { userId: string; basicId: string } | null = null
  let asked = Number.NEGATIVE_INFINITY
  const whoAmI = () => {
    if (account || performance.now() - asked < askAgainMs) return
    asked = performance.now()
    const learn = async () => {
      account = await within(client.getBotInfo())
    }
    learn().catch(() => undefined)
  }
  whoAmI()

  return {
    title: 'LINE',

    read(headers, body) {
      whoAmI()
      return readLine(headers, body, { secret: keys.channelSecret, botUserId: account?.userId ?? null })
    },

    send: (outgoing) => sendLine(client, outgoing),

    async profile(externalId) {
      try {
        const { displayName, pictureUrl, language } = await within(client.getProfile(externalId))
        return { name: displayName, picture: pictureUrl ?? null, language: language ?? null }
      } catch (error) {
        if (isUnknownPerson(error)) return null
        throw error
      }
    },

    media: (reference) =>
      fetchMedia(
        `${keys.dataApiUrl}/v2/bot/message/${encodeURIComponent(reference)}/content`,
        keys.channelAccessToken,
      ),

    async typing(externalId) {
      await within(client.showLoadingAnimation({ chatId: externalId, loadingSeconds: 5 }))
    },

    async leave({ type, id }) {
      await within(type === 'room' ? client.leaveRoom(id) : client.leaveGroup(id))
    },

    test: () => testLine(client, `${settings.publicUrl}/webhooks/line`),

    limits: {
      text: 5000,
      messagesPerCall: 5,
      webhook: 1024 * 1024,
      replyWindow: 50_000,
      quickReplies: 13,
      window: null,
      retryKeys: true,
      picturesExpire: false,
      tellsReturn: true,
    },
    cards: 'line',
    get chatUrl() {
      return account ? `https://line.me/R/ti/p/${encodeURIComponent(account.basicId)}` : ''
    },
  }
}
