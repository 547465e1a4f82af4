import type { ErrorRequestHandler, Response } from 'express'

interface Words<Refusal> {
  answer(response: Response, refusal: Refusal): void
  /** For a body that could not be read, with the status that fits. */
  unreadable(status: number): Refusal
}

/** The last word of an API: refusals in the platform's own shape. A mistake of the simulator's own goes on. */
export function lastWord<Refusal extends Error>(
  kind: abstract new (...details: never[]) => Refusal,
  { answer, unreadable }: Words<Refusal>,
): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent) return next(error)
    if (error instanceof kind) return answer(response, error)
    const { status } = error as { status?: unknown }
    if (typeof status !== 'number' || status >= 500) return next(error)
    answer(response, unreadable(status))
  }
}
