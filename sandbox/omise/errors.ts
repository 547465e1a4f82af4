import type { Json } from './records.ts'

/** A refusal in the platform's own shape. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const badRequest = (message: string) => new Refusal(400, 'bad_request', message)
export const notFound = (kind: string, id: string) =>
  new Refusal(404, 'not_found', `${kind} ${id} was not found`)

export const errorBody = (code: string, message: string): Json => ({
  object: 'error',
  location: `https://www.omise.co/api-errors#${code.replaceAll('_', '-')}`,
  code,
  message,
})
