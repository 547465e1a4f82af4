/** A refusal in the platform's own shape: the envelope repeats the status. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const bad = (message: string) => new Refusal(400, message)
export const unauthorized = () => new Refusal(401, 'unauthorized signature')

export const envelope = (status: number, message: string, data: unknown = null) => ({
  Status: status,
  Success: status === 200,
  Message: message,
  Data: data,
})
