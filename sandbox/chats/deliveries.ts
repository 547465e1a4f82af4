import type { Clock } from '../clock.ts'

/** One attempt to hand events to the shop. */
export interface Delivery {
  id: number
  at: number
  url: string
  events: string[]
  isRedelivery: boolean
  /** The exact text that was signed and sent. */
  body: string
  status?: number
  /** The platform's words for why an attempt did not count. */
  reason?: 'could_not_connect' | 'request_timeout' | 'error_status_code' | 'lost'
  detail?: string
  tookMs?: number
}

type About = Pick<Delivery, 'url' | 'events' | 'isRedelivery' | 'body'>

/** The attempts of one platform, the last 200 of them. */
export interface Deliveries {
  list: Delivery[]
  /** Writes an attempt down that never reaches the shop. */
  lose(about: About): void
  /** Posts, and writes down what came of it. Never throws. */
  attempt(about: About, how: { headers: Record<string, string>; timeoutMs: number }): Promise<Delivery>
}

const LONGEST_LOG = 200

/** Nothing is under way any more once `closed` is aborted. */
export function createDeliveries(clock: Clock, closed: AbortSignal): Deliveries {
  const list: Delivery[] = []
  let count = 0

  function log(about: About): Delivery {
    const delivery: Delivery = { ...about, id: ++count, at: clock.now() }
    list.push(delivery)
    list.splice(0, list.length - LONGEST_LOG)
    return delivery
  }

  return {
    list,
    lose(about) {
      log(about).reason = 'lost'
    },
    async attempt(about, { headers, timeoutMs }) {
      const delivery = log(about)
      const began = performance.now()
      try {
        const response = await fetch(about.url, {
          method: 'POST',
          headers,
          body: about.body,
          redirect: 'manual',
          signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), closed]),
        })
        delivery.status = response.status
        if (!response.ok) delivery.reason = 'error_status_code'
        const answer = await response.text()
        if (!response.ok) delivery.detail = answer.slice(0, 300)
      } catch (error) {
        const timedOut = error instanceof Error && error.name === 'TimeoutError'
        delivery.reason = timedOut ? 'request_timeout' : 'could_not_connect'
        delivery.detail = error instanceof Error ? String(error.cause ?? error.message) : String(error)
      }
      delivery.tookMs = Math.round(performance.now() - began)
      return delivery
    },
  }
}

export const succeeded = ({ reason }: Delivery): boolean => reason === undefined
