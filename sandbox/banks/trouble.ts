import type { Request, Response } from 'express'
import type { Faults, Knob } from '../faults.ts'

/** What a fault of a bank's interface can be aimed at. */
export const operations = ['register', 'reads', 'refunds'] as const
export type Operation = (typeof operations)[number]

const aimed = (name: string, description: string): Knob => ({
  name,
  type: 'text',
  default: 'none',
  choices: ['none', 'any', ...operations],
  description,
})

export const flag = (name: string, description: string): Knob => ({
  name,
  type: 'boolean',
  default: false,
  description,
})

/** The ways in which the line to any bank can fail. */
export const lineKnobs: Knob[] = [
  {
    name: 'latencyMs',
    type: 'number',
    default: 0,
    description: 'Waits so many milliseconds before it does anything',
  },
  aimed('dropAfterCommit', 'Does the work, then resets the connection instead of answering'),
  aimed('neverAnswer', 'Does the work, then keeps the connection open in silence'),
  aimed('htmlErrorBefore', 'Answers 500 with HTML and does nothing'),
  aimed('htmlErrorAfterCommit', 'Does the work, then answers 500 with HTML'),
  aimed('brokenJson', 'Does the work, then answers 200 with JSON cut off in the middle'),
  aimed('busy', 'Answers 503 and does nothing'),
]

/** How an order is shown that is not as it should be. */
export const orderKnobs: Knob[] = [
  {
    name: 'amountOffBy',
    type: 'number',
    default: 0,
    description: 'Shows every order with its amount off by so much',
  },
  { name: 'currencyShown', type: 'text', default: '', description: 'Shows every order in this currency' },
  {
    name: 'statusShown',
    type: 'text',
    default: '',
    description: 'Shows every order with this status, known or not',
  },
  flag('otherOrder', 'Reads answer with another order than the one asked for'),
]

/** True when a fault is aimed at this operation; that uses up one shot of it. */
function strikes(faults: Faults, bank: string, name: string, operation: Operation): boolean {
  const target = faults.get<string>(bank, name)
  if (target !== 'any' && target !== operation) return false
  faults.take(bank, name)
  return true
}

/**
 * Does the work behind one call, and answers it as the knobs want it answered. `send` writes the bank's own answer;
 * the result says whether the caller has got it.
 */
export async function throughTrouble<Result>(
  { faults, bank, operation }: { faults: Faults; bank: string; operation: Operation },
  request: Request,
  response: Response,
  { work, send }: { work(): Result; send(result: Result): string },
): Promise<Result | null> {
  const strike = (name: string) => strikes(faults, bank, name, operation)
  const latency = faults.get<number>(bank, 'latencyMs')
  if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency))
  if (strike('busy')) {
    response.status(503).type('text').send('Service Unavailable')
    return null
  }
  if (strike('htmlErrorBefore')) return serverError(response)
  const result = work()
  if (strike('dropAfterCommit')) {
    request.socket.destroy()
    return null
  }
  if (strike('neverAnswer')) return null
  if (strike('htmlErrorAfterCommit')) return serverError(response)
  const text = send(result)
  if (strike('brokenJson')) {
    response.send(text.slice(0, 40))
    return null
  }
  response.send(text)
  return result
}

function serverError(response: Response): null {
  response.status(500).type('html').send('<html><body><h1>500 Internal Server Error</h1></body></html>')
  return null
}
