import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { Unanswered } from '../../gateway.ts'
import { jsonApi } from '../calls/json-api.ts'

export interface SbpClient {
  get(path: string): Promise<unknown>
  /** One `key` stands for one wish, however often it is sent: the platform answers the second time as the first. */
  post(path: string, body: object, key: string): Promise<unknown>
}

interface Options {
  /** With the API's own path, without a slash at the end. */
  address: string
  shopId: string
  secretKey: string
  /** Milliseconds until a call counts as unanswered. */
  timeout?: number | undefined
}

const ErrorBody = z.looseObject({
  type: z.literal('error'),
  code: z.string(),
  description: z.string().optional(),
  parameter: z.string().optional(),
})
const Processing = z.looseObject({ type: z.literal('processing'), retry_after: z.number().optional() })

/** How often "still at it" is asked again, and how long at most before each time, milliseconds. */
const PATIENCE = 3
const LONGEST_WAIT = 1500

/**
 * The bank's API. Throws `Refused` and `Unanswered` as every JSON API does; "processing" to the end is `Unanswered`
 * too.
 */
export function sbpClient({ address, shopId, secretKey, timeout = 30_000 }: Options): SbpClient {
  const api = jsonApi({
    whom: 'SBP',
    address,
    credentials: `${shopId}:${secretKey}`,
    keyHeader: 'Idempotence-Key',
    timeout,
    errorOf(body) {
      const error = ErrorBody.safeParse(body).data
      if (!error) return undefined
      const { code, description = '', parameter } = error
      return { code, message: [parameter, scrub(description)].filter(Boolean).join(': ') }
    },
  })

  return {
    get: (path) => api.call('GET', path),
    async post(path, body, key) {
      for (let tries = 1; ; tries += 1) {
        const answer = await api.call('POST', path, body, key)
        const processing = Processing.safeParse(answer)
        if (!processing.success) return answer
        if (tries > PATIENCE) throw new Unanswered(`SBP is still at POST ${path}`)
        await pause(Math.min(processing.data.retry_after ?? LONGEST_WAIT, LONGEST_WAIT))
      }
    },
  }
}

/** The platform may repeat what it was given: keys stay out of our words. */
const scrub = (text: string): string => text.replace(/\b(test|live)_[\w-]{8,}/g, '$1_…')
