import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { createSandbox, type Sandbox } from '../../sandbox/app.ts'
import { lineKeys, messengerKeys } from './chat.ts'

/** What the suite for all channels needs of a platform. */
export interface ChannelDriver {
  env: Record<string, string>
  /** Settings under which the platform cannot be reached. */
  lost: Record<string, string>
  /** A webhook with these events, `text` or `follow`, as the platform would send it. */
  webhook(events: string[]): Promise<{ headers: IncomingHttpHeaders; body: Buffer }>
  sign(body: Buffer): Promise<{ headers: IncomingHttpHeaders }>
  /** Somebody who can be written to. */
  person(): Promise<string>
  /** An id that the platform never gave to anybody. */
  stranger: string
  /** Some card of the platform's own. */
  card: unknown
  received(person: string): Promise<unknown[]>
  /** What somebody sends as a picture; answers what the channel is asked for to copy it. */
  picture(person: string, bytes: Buffer): Promise<string>
  /** Lets the platform fail at the next call, in the way that is named; `null` where it cannot. */
  fail: { [Fault in ChannelFault]: (() => void) | null }
  close(): Promise<void>
}

/** `silent`: the message is taken, and no answer comes. */
export type ChannelFault =
  | 'busy'
  | 'token'
  | 'failedBefore'
  | 'silent'
  | 'fileCutShort'
  | 'fileGone'
  | 'unseen'

export const channelDrivers: Record<string, () => Promise<ChannelDriver>> = {
  line: driveLine,
  messenger: driveMessenger,
}

const knob = (sandbox: Sandbox, platform: string) => (name: string) => () =>
  sandbox.faults.set(platform, name, true, 1)

async function driveLine(): Promise<ChannelDriver> {
  const sandbox = await createSandbox({ parleyUrl: 'http://127.0.0.1:1' })
  const { channel, line } = sandbox
  const once = knob(sandbox, 'line')
  const headersFor = (body: Buffer) => ({
    'x-line-signature': createHmac('sha256', channel.channelSecret).update(body).digest('base64'),
  })
  return {
    env: lineKeys(sandbox),
    lost: { LINE_API_URL: 'http://127.0.0.1:1' },
    async webhook(events) {
      const { userId } = line.createUser()
      const frames = events.map((type, index) => ({
        type: type === 'text' ? 'message' : type,
        ...(type === 'text' && { message: { type: 'text', id: `${Date.now()}${index}`, text: 'Grüße 👋' } }),
        source: { type: 'user', userId },
        timestamp: Date.now(),
        mode: 'active',
        webhookEventId: `01${userId}${index}`,
        deliveryContext: { isRedelivery: false },
      }))
      const body = escaped({ destination: channel.botUserId, events: frames })
      return { headers: headersFor(body), body }
    },
    sign: async (body) => ({ headers: headersFor(body) }),
    person: async () => line.createUser().userId,
    stranger: `U${'0'.repeat(32)}`,
    card: {
      type: 'bubble',
      body: { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: 'A card' }] },
    },
    received: async (person) => line.received(person),
    picture: (person, bytes) => line.sendMedia(person, { contentType: 'image/jpeg', bytes }),
    fail: {
      busy: once('rateLimited'),
      token: once('tokenRevoked'),
      failedBefore: once('failBeforeAccepting'),
      silent: once('hangUpAfterAccepting'),
      fileCutShort: once('contentCutShort'),
      fileGone: once('contentGone'),
      unseen: once('profileUnavailable'),
    },
    close: () => sandbox.close(),
  }
}

async function driveMessenger(): Promise<ChannelDriver> {
  const sandbox = await createSandbox({ parleyUrl: 'http://127.0.0.1:1' })
  const { messenger } = sandbox
  const { page } = messenger
  const once = knob(sandbox, 'messenger')
  const headersFor = (body: Buffer) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', page.appSecret).update(body).digest('hex')}`,
  })
  return {
    env: messengerKeys(sandbox),
    lost: { MESSENGER_API_URL: 'http://127.0.0.1:1' },
    async webhook(events) {
      const { psid } = messenger.createPerson()
      const entry = events.map((type, index) => ({
        id: page.pageId,
        time: Date.now(),
        messaging: [
          {
            sender: { id: psid },
            recipient: { id: page.pageId },
            timestamp: Date.now(),
            ...(type === 'text'
              ? { message: { mid: `m_${psid}${index}`, text: 'Grüße 👋' } }
              : { postback: { mid: `m_${psid}${index}`, title: 'Get Started', payload: 'get_started' } }),
          },
        ],
      }))
      const body = escaped({ object: 'page', entry })
      return { headers: headersFor(body), body }
    },
    sign: async (body) => ({ headers: headersFor(body) }),
    person: async () => messenger.createPerson({ wrote: true }).psid,
    stranger: '70000000000000001',
    card: {
      attachment: {
        type: 'template',
        payload: {
          template_type: 'button',
          text: 'A card',
          buttons: [{ type: 'postback', title: 'Tap', payload: 'tap' }],
        },
      },
    },
    received: async (person) => messenger.received(person),
    async picture(person, bytes) {
      const mid = await messenger.sendMedia(person, [{ contentType: 'image/jpeg', bytes }])
      const entry = messenger.chat(person).find((one) => one.mid === mid)
      const { attachments } = (entry?.message ?? {}) as { attachments: { payload: { url: string } }[] }
      return attachments[0]?.payload.url ?? ''
    },
    fail: {
      busy: once('rateLimited'),
      token: once('tokenRevoked'),
      failedBefore: once('failBeforeAccepting'),
      silent: once('hangUpAfterAccepting'),
      fileCutShort: once('mediaCutShort'),
      fileGone: once('mediaGone'),
      unseen: once('profileUnavailable'),
    },
    close: () => sandbox.close(),
  }
}

/** Both platforms write what is not ASCII as \uXXXX. */
const escaped = (body: object): Buffer =>
  Buffer.from(
    JSON.stringify(body).replace(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  )
