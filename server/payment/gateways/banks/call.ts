import { Unanswered } from '../../gateway.ts'

export interface Answer {
  status: number
  headers: Headers
  /** What the body says, whatever its Content-Type claims; undefined when it is no JSON. */
  body: unknown
}

interface Request {
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string | URLSearchParams
  /** Milliseconds. */
  timeout: number
}

/** What Node says of a certificate that no known authority has signed, or that has run out. */
const certificateTrouble =
  /^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT)|certificate|unable to verify/i

/**
 * Asks a bank. Throws `Unanswered` when nobody knows what became of the request; every answer, whatever its status, is
 * for the caller to judge. Certificates are checked, always.
 */
export async function callBank(bank: string, what: string, url: string, request: Request): Promise<Answer> {
  const { method, headers = {}, body, timeout } = request
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    })
    return { status: response.status, headers: response.headers, body: parse(await response.text()) }
  } catch (cause) {
    throw new Unanswered(`${bank} did not answer ${what}: ${reason(cause)}`, { cause })
  }
}

/** What to do when the bank's certificate is the trouble; undefined when it is not. */
export function certificateAdvice(error: unknown): string | undefined {
  if (!(error instanceof Unanswered) || !certificateTrouble.test(reason(error.cause))) return undefined
  return "The bank's certificate is not signed by an authority that this machine knows. Get the bank's CA certificate from the bank, save it to a file, and start with NODE_EXTRA_CA_CERTS=<that file>; the check itself stays on"
}

/** True when the call ran into its deadline: trying again at once would only double the customer's wait. */
export const timedOut = (error: Error): boolean =>
  error.cause instanceof Error && error.cause.name === 'TimeoutError'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'the connection broke'
  if (cause.name === 'TimeoutError') return 'time ran out'
  const inner = cause.cause
  return inner instanceof Error && 'code' in inner ? String(inner.code) : cause.message
}
