/** One line of `details` in LINE's error body. */
export interface ErrorDetail {
  message: string
  property?: string
}

/** An answer other than success, in the shape LINE gives it. */
export class LineError extends Error {
  readonly status: number
  readonly details: ErrorDetail[] | undefined
  readonly headers: Record<string, string>
  readonly extra: Record<string, unknown>

  constructor(
    status: number,
    message: string,
    more: {
      details?: ErrorDetail[]
      headers?: Record<string, string>
      extra?: Record<string, unknown>
    } = {},
  ) {
    super(message)
    this.status = status
    this.details = more.details
    this.headers = more.headers ?? {}
    this.extra = more.extra ?? {}
  }
}

export const badRequest = (message: string, details?: ErrorDetail[]): LineError =>
  new LineError(400, message, details ? { details } : {})

export const notFound = (message = 'Not found'): LineError => new LineError(404, message)

export const unauthorized = (reason: string): LineError =>
  new LineError(
    401,
    `Authentication failed due to the following reason: ${reason}. Confirm that the access token in the authorization header is valid.`,
  )

/** Try again later: the request itself was fine. */
export const rateLimited = (): LineError =>
  new LineError(429, 'The API rate limit has been exceeded. Try again later.')

/** The same status, but trying again is of no use this month: only the message tells. */
export const monthlyLimit = (): LineError => new LineError(429, 'You have reached your monthly limit.')
