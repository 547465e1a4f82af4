import assert from 'node:assert/strict'
import { Conversations, type Message, Messages } from '../../models/conversation.ts'
import { createSandbox, type Sandbox } from '../../sandbox/app.ts'
import type { ChatEntry, LineUser } from '../../sandbox/line/types.ts'
import type { Settings } from '../../server/settings.ts'
import { loginAs, type StaffMember } from './people.ts'
import { startServer, type TestServer } from './server.ts'

/** A shop that stands between the simulated LINE and its staff. */
export interface ChatShop {
  server: TestServer
  sandbox: Sandbox
  line: Sandbox['line']
  /** A member of staff, logged in. */
  staff: StaffMember
  /** Somebody who has written, and has been greeted. */
  meet(about?: { displayName?: string; language?: string }): Promise<LineUser>
  close(): Promise<void>
}

export async function openShop(
  options: { env?: Record<string, string>; settings?: Partial<Settings> } = {},
): Promise<ChatShop> {
  const sandbox = await createSandbox({ parleyUrl: 'http://127.0.0.1:1' })
  const server = await startServer({
    ...options,
    env: { ...lineKeys(sandbox), ...messengerKeys(sandbox), ...options.env },
  })
  const { line, messenger } = sandbox
  line.webhook.endpoint.url = `${server.url}/webhooks/line`
  messenger.webhook.endpoint.url = `${server.url}/webhooks/messenger`
  return {
    server,
    sandbox,
    line,
    staff: await loginAs(server.url, 'agent', 'Anong Dee'),
    async meet(about = {}) {
      const user = line.createUser(about)
      await line.say(user.userId, 'สวัสดี')
      await line.waitFor(user.userId, isFromShop)
      await until(async () => !(await Messages.exists({ state: { $in: ['queued', 'sending'] } })))
      return user
    },
    async close() {
      await server.close()
      await sandbox.close()
    },
  }
}

/** What `.env` would hold for this simulated LINE. */
export const lineKeys = ({ channel, url }: Sandbox): Record<string, string> => ({
  LINE_CHANNEL_SECRET: channel.channelSecret,
  LINE_CHANNEL_ACCESS_TOKEN: channel.accessToken,
  LINE_API_URL: url,
  LINE_DATA_API_URL: url,
  LIFF_ID: channel.liffId,
  LINE_LOGIN_CHANNEL_ID: channel.loginChannelId,
  LINE_LOGIN_CHANNEL_SECRET: channel.loginChannelSecret,
})

/** What `.env` would hold for this simulated Messenger. */
export const messengerKeys = ({ messenger: { page }, url }: Sandbox): Record<string, string> => ({
  MESSENGER_APP_ID: page.appId,
  MESSENGER_APP_SECRET: page.appSecret,
  MESSENGER_PAGE_ID: page.pageId,
  MESSENGER_PAGE_TOKEN: page.pageToken,
  MESSENGER_VERIFY_TOKEN: page.verifyToken,
  MESSENGER_API_URL: `${url}/messenger`,
})

export const isFromShop = ({ from }: ChatEntry): boolean => from === 'shop'

/** An entry of the shop that holds this text, as words or in a card. */
export const shopSays =
  (text: string) =>
  (entry: ChatEntry): boolean =>
    isFromShop(entry) && JSON.stringify(entry.message).includes(JSON.stringify(text).slice(1, -1))

/** Waits until something is so, at most 15 s unless `patience` (ms) says otherwise. */
export async function until<T>(
  look: () => Promise<T | null | undefined | false>,
  patience = 15_000,
): Promise<T> {
  const end = Date.now() + patience
  for (;;) {
    const found = await look()
    if (found) return found
    assert(Date.now() < end, `It never became so: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}

/** The one conversation with somebody; fails when there are none or several. */
export async function conversationWith(user: LineUser) {
  const found = await Conversations.find({ channel: 'line', externalId: user.userId }).lean()
  assert.equal(found.length, 1, `${found.length} conversations with ${user.displayName}`)
  return found[0] as (typeof found)[number]
}

/** Everything that is stored of the conversation with somebody, oldest first. */
export async function threadWith(user: LineUser): Promise<Message[]> {
  const { _id } = await conversationWith(user)
  return Messages.find({ conversation: _id }).sort({ at: 1, _id: 1 }).lean()
}
