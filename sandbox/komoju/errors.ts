import type { Json } from './records.ts'

/** A refusal in the platform's own shape. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly param: string | null

  constructor(status: number, code: string, message: string, param: string | null = null) {
    super(message)
    this.status = status
    this.code = code
    this.param = param
  }
}

export const badRequest = (message: string, param: string | null = null) =>
  new Refusal(400, 'bad_request', message, param)
export const unprocessable = (message: string, param: string | null = null) =>
  new Refusal(422, 'unprocessable_entity', message, param)
export const notFound = (what: string) =>
  new Refusal(404, 'not_found', `The requested ${what} was not found.`)

export const errorBody = ({ code, message, param }: Refusal): Json => ({
  error: { code, message, param, details: null },
})
