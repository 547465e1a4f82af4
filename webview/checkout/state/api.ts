import type { ConflictDetails } from '../../../server/pipeline/contract.ts'

const PATIENCE = 30_000

/** The server said no, or could not be asked: then the code is `offline`, and nobody knows whether it did it. */
export class Refusal extends Error {
  readonly code: string
  readonly status: number
  readonly details: unknown
  constructor(code: string, status: number, message: string, details: unknown) {
    super(message)
    this.code = code
    this.status = status
    this.details = details
  }
}

/** The order as it is now, where the server sent it along with its no. */
export function conflictOf(error: unknown): ConflictDetails | null {
  if (!(error instanceof Refusal) || typeof error.details !== 'object' || !error.details) return null
  const details = error.details as Partial<ConflictDetails>
  return details.order ? { order: details.order, changes: details.changes ?? [] } : null
}

/** Asks our server. Throws a Refusal, whatever went wrong. */
export async function ask<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await send(method, path, body, headers)
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok && answer !== null) return answer as Answer
  const error = (answer as { error?: { code: string; message: string; details?: unknown } } | null)?.error
  throw new Refusal(error?.code ?? 'server.failed', response.status, error?.message ?? '', error?.details)
}

async function send(
  method: string,
  path: string,
  body: object | undefined,
  headers: Record<string, string>,
): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: body ? { 'content-type': 'application/json', ...headers } : headers,
      body: body ? JSON.stringify(body) : null,
      signal: timeLimit(),
    })
  } catch {
    throw new Refusal('offline', 0, '', null)
  }
}

/** `AbortSignal.timeout` is younger than some phones in use. */
function timeLimit(): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), PATIENCE)
  return controller.signal
}
