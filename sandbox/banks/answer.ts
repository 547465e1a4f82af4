import type { Request, Response } from 'express'
import type { Faults } from '../faults.ts'
import { troubleOf } from '../trouble.ts'
import type { Operation } from './knobs.ts'

/**
 * Does the work behind one call, and answers it as the knobs want it answered. `send` writes the bank's own answer;
 * the result says whether the caller has got it.
 */
export async function answerCall<Result>(
  { faults, bank, operation }: { faults: Faults; bank: string; operation: Operation },
  request: Request,
  response: Response,
  { work, send }: { work(): Result; send(result: Result): string },
): Promise<Result | null> {
  const trouble = troubleOf(faults, bank, operation)
  await trouble.latency()
  if (trouble.strikes('busy')) {
    response.status(503).type('text').send('Service Unavailable')
    return null
  }
  if (trouble.before(response)) return null
  const result = work()
  if (trouble.after(request, response, () => send(result))) return null
  response.send(send(result))
  return result
}
