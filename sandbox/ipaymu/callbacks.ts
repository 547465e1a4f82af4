import { randomInt } from 'node:crypto'
import type { SandboxContext } from '../context.ts'
import { post } from '../webhooks/post.ts'
import { createSender, type Sender } from '../webhooks/sender.ts'
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

export interface Callbacks extends Omit<Sender<Callback>, 'announce'> {
  /** Writes a callback down as things are now; it goes out with the next `release`. */
  announce(transaction: TransactionRecord): void
}

/** The platform's callbacks: posted to the address that came with the payment, again until they are answered 200. */
export function createCallbacks(
  { faults }: SandboxContext,
  { va, retryDelays, url }: { va: string; retryDelays: number[]; url(): string },
): Callbacks {
  const knob = <T extends boolean | number | string>(name: string) => faults.get<T>(platform, name)
  const { announce, ...sender } = createSender<Callback>({
    faults,
    platform,
    retryDelays,
    addressesOf: (callback) => [callback.url],
    post: postCallback,
    copyOf: (callback) =>
      knob<boolean>('webhookCopiesWithNewIds') ? { ...callback, id: newId() } : callback,
  })

  function fieldsOf(transaction: TransactionRecord): Fields {
    const fields = knob<boolean>('oldCallbacks')
      ? oldFields(transaction)
      : callbackFields(transaction, { sandbox: !knob<boolean>('otherEnvironment'), url: url(), va })
    if (!knob<boolean>('callbackWithoutReference')) return fields
    const { reference_id: _, referenceId: __, ...rest } = fields
    return rest
  }

  async function postCallback({ id, fields }: Callback, to: string): Promise<boolean> {
    const how = faults.take<string>(platform, 'signature')
    const isJson = knob<string>('webhookFormat') === 'json'
    const ways = {
      letters: knob<string>('webhookSorting') === 'letters',
      ascii: knob<boolean>('webhookAscii'),
    }
    const signature = signCallback(fields, va, { ...ways, how })
    // Real time, as whoever reads it does not live by the simulated clock.
    const at = Date.now() - (how === 'stale' ? 3600_000 : 0)
    const { status } = await post(to, {
      headers: {
        Accept: 'application/json',
        'Content-Type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
        'X-External-ID': id,
        'X-Timestamp': offsetText(at),
        ...(signature !== null && { 'X-Signature': signature }),
      },
      body: isJson ? JSON.stringify(fields) : formOf(fields),
    })
    return status === 200
  }

  return {
    ...sender,
    announce(transaction) {
      announce({ id: newId(), url: transaction.notifyUrl, fields: fieldsOf(transaction) })
      if (!knob<boolean>('foreignEvents')) return
      const stranger = { ...transaction, id: String(randomInt(1_000_000, 9_999_999)), reference: null }
      announce({ id: newId(), url: transaction.notifyUrl, fields: { ...fieldsOf(stranger), sid: newId() } })
    },
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
