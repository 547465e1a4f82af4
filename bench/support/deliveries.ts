import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import autocannon from 'autocannon'
import { type Spread, spread } from './figures.ts'
import { channelSecret, pageId } from './shop.ts'

/** A webhook of a chat platform, signed, that was never sent before. */
interface Delivery {
  path: string
  body: Buffer
  headers: Record<string, string>
}

export type Platform = 'line' | 'messenger'

export interface Delivered {
  perSecond: number
  latency: Spread
  /** Answered with anything but 200, or not at all. */
  failed: number
}

/** People who write: new ones now and then, most of them again and again. */
const people = {
  line: Array.from({ length: 400 }, () => `U${randomBytes(16).toString('hex')}`),
  messenger: Array.from({ length: 400 }, (_, number) => `7${String(number).padStart(17, '0')}`),
}
const words = 'ส้มโอลูกใหญ่มีไหมคะ วันนี้ส่งได้ไหม'

/** Makes webhooks of so many events each, every event unlike all others. */
export function makeDeliveries(count: number, eventsEach: number, platform: Platform = 'line'): Delivery[] {
  return Array.from({ length: count }, () =>
    sign[platform](Array.from({ length: eventsEach }, event[platform])),
  )
}

const sign: Record<Platform, (events: object[]) => Delivery> = {
  line(events) {
    const body = Buffer.from(JSON.stringify({ destination: `U${'0'.repeat(32)}`, events }))
    const signature = createHmac('sha256', channelSecret).update(body).digest('base64')
    return { path: '/webhooks/line', body, headers: { 'x-line-signature': signature } }
  },
  messenger(events) {
    const entry = events.map((one) => ({ id: pageId, time: Date.now(), messaging: [one] }))
    const escaped = JSON.stringify({ object: 'page', entry }).replace(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    const body = Buffer.from(escaped)
    const signature = createHmac('sha256', channelSecret).update(body).digest('hex')
    return { path: '/webhooks/messenger', body, headers: { 'x-hub-signature-256': `sha256=${signature}` } }
  },
}

const somebody = (platform: Platform) => people[platform][Math.floor(Math.random() * people[platform].length)]

const event: Record<Platform, () => object> = { line: lineEvent, messenger: messengerEvent }

function messengerEvent() {
  return {
    sender: { id: somebody('messenger') },
    recipient: { id: pageId },
    timestamp: Date.now(),
    message: { mid: `m_${randomBytes(48).toString('base64url')}`, text: words },
  }
}

function lineEvent() {
  return {
    type: 'message',
    mode: 'active',
    timestamp: Date.now(),
    source: { type: 'user', userId: somebody('line') },
    webhookEventId: randomUUID(),
    deliveryContext: { isRedelivery: false },
    replyToken: randomBytes(16).toString('hex'),
    message: {
      type: 'text',
      id: String(Math.random()).slice(2),
      quoteToken: 'q',
      text: words,
    },
  }
}

/** Posts them all over so many connections, each waiting for its answer before it sends the next. */
export function deliver(url: string, deliveries: Delivery[], connections: number): Promise<Delivered> {
  const waiting = [...deliveries]
  const times: number[] = []
  let failed = 0
  const setupRequest = (request: autocannon.Request) => {
    const { path, body, headers } = waiting.pop() as Delivery
    return { ...request, path, body, headers: { 'content-type': 'application/json', ...headers } }
  }
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const run = autocannon(
      {
        url,
        connections,
        amount: deliveries.length,
        requests: [{ method: 'POST', setupRequest }],
      },
      (error, result) => {
        if (error) return reject(error)
        failed += result.errors + result.timeouts
        const perSecond = (times.length / (ended - began)) * 1000
        resolve({ perSecond, latency: spread(times), failed })
      },
    )
    let ended = began
    run.on('response', (_client, status, _bytes, milliseconds) => {
      ended = performance.now()
      times.push(milliseconds)
      if (status !== 200) failed += 1
    })
  })
}
