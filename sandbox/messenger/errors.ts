import { randomBytes } from 'node:crypto'

/** An answer other than success, in the shape that the Graph API gives it. */
export class GraphError extends Error {
  readonly status: number
  readonly code: number
  readonly subcode: number | undefined
  readonly more: { type?: string; is_transient?: boolean }
  readonly headers: Record<string, string>

  constructor(
    code: number,
    message: string,
    about: {
      subcode?: number
      status?: number
      type?: string
      transient?: boolean
      headers?: Record<string, string>
    } = {},
  ) {
    super(`(#${code}) ${message}`)
    this.code = code
    this.subcode = about.subcode
    this.status = about.status ?? 400
    this.headers = about.headers ?? {}
    this.more = {
      type: about.type ?? 'OAuthException',
      ...(about.transient && { is_transient: true }),
    }
  }

  body() {
    return {
      error: {
        message: this.message,
        ...this.more,
        code: this.code,
        ...(this.subcode !== undefined && { error_subcode: this.subcode }),
        fbtrace_id: `A${randomBytes(8).toString('base64url')}`,
      },
    }
  }
}

export const badParameter = (message: string, subcode?: number): GraphError =>
  new GraphError(100, message, subcode === undefined ? {} : { subcode })

export const outsideWindow = (): GraphError =>
  new GraphError(10, 'This message is sent outside of allowed window.', { subcode: 2018278 })

export const unavailable = (): GraphError =>
  new GraphError(551, "This person isn't available right now.", { subcode: 1545041 })

export const noSuchUser = (): GraphError => badParameter('No matching user found', 2018001)

export const tokenInvalid = (subcode = 463): GraphError =>
  new GraphError(190, 'Error validating access token: the session is invalid or has expired.', {
    subcode,
    status: 401,
  })

export const tooMany = (): GraphError =>
  new GraphError(613, 'Calls to this api have exceeded the rate limit.', {
    headers: {
      'x-business-use-case-usage': JSON.stringify({
        page: [{ type: 'messenger', call_count: 100, estimated_time_to_regain_access: 0 }],
      }),
    },
  })
