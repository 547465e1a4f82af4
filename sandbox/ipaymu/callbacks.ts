import { randomInt } from 'node:crypto'
import type { SandboxContext } from '../context.ts'
import { callbackFields, oldFields } from './bodies.ts'
import { platform } from './knobs.ts'
import type { TransactionRecord } from './records.ts'
import { signCallback } from './signing.ts'
import { offsetText } from './times.ts'

type Fields = Record<string, unknown>

interface Callback {
  id: string
  url: string
  fields: Fields
}

export interface Callbacks {
  /** Writes a callback down as things are now; it goes out with the next `release`. */
  announce(transaction: TransactionRecord): void
  /** Sends what was announced; resolves when each was delivered or refused once. */
  release(): Promise<void>
  settled(): Promise<void>
  close(): void
}

/** Posts callbacks as the platform does: at least once, in no promised order, again until they are answered 200. */
export function createCallbacks(
  { faults }: SandboxContext,
  { va, retryDelays, url }: { va: string; retryDelays: number[]; url(): string },
): Callbacks {
  const under = new Set<Promise<unknown>>()
  const waiting = new Set<() => void>()
  let announced: Callback[] = []
  let held: Callback[] = []
  let closed = false
  const knob = <T extends boolean | number | string>(name: string) => faults.get<T>(platform, name)

  function track<T>(work: Promise<T>): Promise<T> {
    const done = work.finally(() => under.delete(done))
    under.add(done)
    return done
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

  function fieldsOf(transaction: TransactionRecord): Fields {
    const fields = knob<boolean>('oldCallbacks')
      ? oldFields(transaction)
      : callbackFields(transaction, { sandbox: !knob<boolean>('otherEnvironment'), url: url() })
    if (!knob<boolean>('callbackWithoutReference')) return fields
    const { reference_id: _, referenceId: __, ...rest } = fields
    return rest
  }

  async function sendAll(callbacks: Callback[]): Promise<void> {
    await track(Promise.all(callbacks.map(deliver)))
  }

  async function deliver(callback: Callback): Promise<void> {
    if (closed) return
    const delay = faults.take<number>(platform, 'webhookDelayMs')
    if (delay > 0) await pause(delay)
    const copies = Array.from({ length: knob<number>('webhookCopies') }, (_, index) =>
      index > 0 && knob<boolean>('webhookCopiesWithNewIds') ? { ...callback, id: newId() } : callback,
    )
    await Promise.all(copies.map((copy) => attempt(copy, [...retryDelays])))
  }

  /** Resolves after the first try; the further ones go on by themselves. */
  async function attempt(callback: Callback, delays: number[]): Promise<void> {
    if (closed || (await post(callback))) return
    const delay = delays.shift()
    if (delay !== undefined) void track(pause(delay).then(() => attempt(callback, delays)))
  }

  async function post({ id, url: to, fields }: Callback): Promise<boolean> {
    const how = faults.take<string>(platform, 'signature')
    const isJson = knob<string>('webhookFormat') === 'json'
    const ways = {
      letters: knob<string>('webhookSorting') === 'letters',
      ascii: knob<boolean>('webhookAscii'),
    }
    const signature = signCallback(fields, va, { ...ways, how })
    // Real time, as whoever reads it does not live by the simulated clock.
    const at = Date.now() - (how === 'stale' ? 3600_000 : 0)
    try {
      const response = await fetch(to, {
        method: 'POST',
        headers: {
          Accept: 'application/json',
          'Content-Type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
          'X-External-ID': id,
          'X-Timestamp': offsetText(at),
          ...(signature !== null && { 'X-Signature': signature }),
        },
        body: isJson ? JSON.stringify(fields) : formOf(fields),
        redirect: 'manual',
        signal: AbortSignal.timeout(10_000),
      })
      await response.arrayBuffer()
      return response.status === 200
    } catch {
      return false
    }
  }

  return {
    announce(transaction) {
      announced.push({ id: newId(), url: transaction.notifyUrl, fields: fieldsOf(transaction) })
      if (!knob<boolean>('foreignEvents')) return
      const stranger = { ...transaction, id: String(randomInt(1_000_000, 9_999_999)), reference: null }
      announced.push({
        id: newId(),
        url: transaction.notifyUrl,
        fields: { ...fieldsOf(stranger), sid: newId() },
      })
    },
    release() {
      const callbacks = announced
      announced = []
      if (knob<string>('webhookTiming') === 'never') return Promise.resolve()
      if (knob<string>('webhookOrder') === 'kept') return sendAll([...held.splice(0), ...callbacks])
      held.push(...callbacks)
      if (held.length < 2) return Promise.resolve()
      const pair = held.reverse()
      held = []
      return track(inTurn(pair))
    },
    async settled() {
      while (under.size) await Promise.allSettled(under)
    },
    close() {
      closed = true
      for (const end of waiting) end()
    },
  }

  /** One after another: the reversed order is the point. */
  async function inTurn(callbacks: Callback[]): Promise<void> {
    for (const callback of callbacks) await deliver(callback)
  }
}

/** Twenty digits. */
const newId = (): string => Array.from({ length: 20 }, () => randomInt(10)).join('')

/** A form knows only texts: flags become 1 and 0, lists their JSON. */
function formOf(fields: Fields): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    form.set(
      name,
      typeof value === 'boolean' ? (value ? '1' : '0') : typeof value === 'object' ? '[]' : String(value),
    )
  }
  return form
}
