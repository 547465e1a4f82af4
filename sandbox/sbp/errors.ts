import { randomUUID } from 'node:crypto'

/** A refusal in the platform's own shape. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly parameter: string | undefined

  constructor(status: number, code: string, description: string, parameter?: string) {
    super(description)
    this.status = status
    this.code = code
    this.parameter = parameter
  }
}

export const invalid = (description: string, parameter?: string) =>
  new Refusal(400, 'invalid_request', description, parameter)

export const errorBody = ({ code, message, parameter }: Refusal) => ({
  type: 'error',
  id: randomUUID(),
  code,
  description: message,
  ...(parameter ? { parameter } : {}),
})
