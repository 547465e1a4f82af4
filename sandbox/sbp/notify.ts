import type { SandboxContext } from '../context.ts'
import { platform as name } from './knobs.ts'

export interface Notifier {
  /** Sends a notification; nobody waits for it. */
  send(event: string, object: object): void
  /** Resolves when none is on its way and none waits to be sent again. */
  settled(): Promise<void>
  close(): void
}

/** Posts notifications as the platform does: unsigned, at least once, again while they are not answered 200. */
export function createNotifier({ faults }: SandboxContext, url: string, retryDelays: number[]): Notifier {
  const under = new Set<Promise<void>>()
  const waiting = new Set<() => void>()
  let closed = false

  function track(work: Promise<void>): void {
    const done = work.finally(() => under.delete(done))
    under.add(done)
  }

  async function deliver(body: string, delays: number[]): Promise<void> {
    if (closed || (await post(body))) return
    const [delay, ...rest] = delays
    if (delay === undefined) return
    await pause(delay)
    await deliver(body, rest)
  }

  async function post(body: string): Promise<boolean> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000),
      })
      await response.arrayBuffer()
      return response.status === 200
    } catch {
      return false
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        waiting.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      timer.unref()
      waiting.add(end)
    })
  }

  return {
    send(event, object) {
      if (!url || faults.get(name, 'webhookTiming') === 'never') return
      const told = faults.get<boolean>(name, 'otherEnvironment') ? { ...object, test: false } : object
      const bodies = [{ type: 'notification', event, object: told }]
      if (faults.get<boolean>(name, 'foreignEvents')) bodies.push(...foreign(object))
      for (const body of bodies) {
        for (let i = 0; i < faults.get<number>(name, 'webhookCopies'); i += 1) {
          track(deliver(JSON.stringify(body), retryDelays))
        }
      }
    },
    async settled() {
      while (under.size) await Promise.allSettled(under)
    },
    close() {
      closed = true
      for (const end of waiting) end()
    },
  }
}

/** What the same address may also hear: of a payout, and of a payment that another program of the shop has made. */
const foreign = (object: object) => [
  {
    type: 'notification',
    event: 'payout.succeeded',
    object: { id: 'po-2c9d', status: 'succeeded', test: true },
  },
  {
    type: 'notification',
    event: 'payment.succeeded',
    object: { ...object, id: 'made-elsewhere', metadata: {} },
  },
]
