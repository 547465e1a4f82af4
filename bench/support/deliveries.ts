import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import autocannon from 'autocannon'
import { type Spread, spread } from './figures.ts'
import { channelSecret } from './shop.ts'

/** A webhook of LINE, signed, that was never sent before. */
interface Delivery {
  body: Buffer
  signature: string
}

export interface Delivered {
  perSecond: number
  latency: Spread
  /** Answered with anything but 200, or not at all. */
  failed: number
}

/** People who write: new ones now and then, most of them again and again. */
const people = Array.from({ length: 400 }, () => `U${randomBytes(16).toString('hex')}`)

/** Makes webhooks of so many events each, every event unlike all others. */
export function makeDeliveries(count: number, eventsEach: number): Delivery[] {
  return Array.from({ length: count }, () => {
    const events = Array.from({ length: eventsEach }, event)
    const body = Buffer.from(JSON.stringify({ destination: `U${'0'.repeat(32)}`, events }))
    return { body, signature: createHmac('sha256', channelSecret).update(body).digest('base64') }
  })
}

const event = () => ({
  type: 'message',
  mode: 'active',
  timestamp: Date.now(),
  source: { type: 'user', userId: people[Math.floor(Math.random() * people.length)] },
  webhookEventId: randomUUID(),
  deliveryContext: { isRedelivery: false },
  replyToken: randomBytes(16).toString('hex'),
  message: {
    type: 'text',
    id: String(Math.random()).slice(2),
    quoteToken: 'q',
    text: 'ส้มโอลูกใหญ่มีไหมคะ วันนี้ส่งได้ไหม',
  },
})

/** Posts them all over so many connections, each waiting for its answer before it sends the next. */
export function deliver(url: string, deliveries: Delivery[], connections: number): Promise<Delivered> {
  const waiting = [...deliveries]
  const times: number[] = []
  let failed = 0
  const setupRequest = (request: autocannon.Request) => {
    const { body, signature } = waiting.pop() as Delivery
    return {
      ...request,
      body,
      headers: { 'content-type': 'application/json', 'x-line-signature': signature },
    }
  }
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const run = autocannon(
      {
        url,
        connections,
        amount: deliveries.length,
        requests: [{ method: 'POST', path: '/webhooks/line', setupRequest }],
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
