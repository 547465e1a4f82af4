import type { Request, Response } from 'express'
import type { Faults } from './faults.ts'

/** What the knobs have in store for one call. */
export interface Trouble {
  /** True when a fault is aimed at this call; that uses up one shot of it. */
  strikes(knob: string): boolean
  /** Waits as long as the platform is slow. */
  latency(): Promise<void>
  /** Before the work; true when the call was answered, and nothing is to be done. */
  before(response: Response): boolean
  /** After the work; true when the caller has got something else than the answer, or nothing at all. */
  after(request: Request, response: Response, write: () => string): boolean
}

/** The trouble of `callKnobs`, for a call of this kind. */
export function troubleOf(faults: Faults, platform: string, operation: string): Trouble {
  function strikes(knob: string): boolean {
    const target = faults.get<string>(platform, knob)
    if (target !== 'any' && target !== operation) return false
    faults.take(platform, knob)
    return true
  }

  return {
    strikes,
    async latency() {
      const milliseconds = faults.get<number>(platform, 'latencyMs')
      if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds))
    },
    before(response) {
      if (!strikes('htmlErrorBefore')) return false
      serverError(response)
      return true
    },
    after(request, response, write) {
      if (strikes('dropAfterCommit')) request.socket.destroy()
      else if (strikes('neverAnswer')) return true
      else if (strikes('htmlErrorAfterCommit')) serverError(response)
      else if (strikes('brokenJson')) breakOff(response, write())
      else return false
      return true
    },
  }
}

function breakOff(response: Response, answer: string): void {
  if (!response.get('content-type')) response.type('json')
  response.send(answer.slice(0, 40))
}

const serverError = (response: Response): void =>
  void response.status(500).type('html').send('<html><body><h1>500 Internal Server Error</h1></body></html>')
