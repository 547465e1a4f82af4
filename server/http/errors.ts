/**
 * The one error of the server. `code` is stable and is what a screen translates; `message` is for people and says
 * what to do next. `details` is sent along; `reload` asks the page to fetch the current order before going on.
 */
export class AppError extends Error {
  readonly code: string
  readonly status: number
  readonly details: unknown
  readonly reload: boolean

  constructor(
    code: string,
    message: string,
    options: { status?: number; details?: unknown; reload?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.status = options.status ?? 400
    this.details = options.details
    this.reload = options.reload ?? false
  }
}

/** Nobody learns whether a thing that is not theirs exists. */
export const notFound = (what: string) =>
  new AppError('not_found', `${what} was not found. Check the address, or open it again from the list.`, {
    status: 404,
  })
