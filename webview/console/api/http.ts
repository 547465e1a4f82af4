/** An answer that is not a success. `message` is the server's own sentence: it says what to do next. */
export interface Refusal {
  code: string
  status: number
  message: string
  details: unknown
}

/** Thrown by every call that was refused, or that never arrived. */
export class CallError extends Error implements Refusal {
  readonly code: string
  readonly status: number
  readonly details: unknown

  constructor({ code, status, message, details }: Refusal) {
    super(message)
    this.code = code
    this.status = status
    this.details = details
  }
}

/** The network failed: nobody knows whether the server has seen it. */
export const isOffline = (error: unknown): boolean => error instanceof CallError && error.status === 0

const DEADLINE = 20_000
let forgetLogin: () => void = () => {}

/** Tells who must hear that the session has ended. */
export function onLoggedOut(listener: () => void): void {
  forgetLogin = listener
}

export const get = <Answer>(path: string, query: Query = {}): Promise<Answer> =>
  send(`${path}${queryOf(query)}`, { method: 'GET' })
export const post = <Answer = unknown>(path: string, body: unknown = {}): Promise<Answer> =>
  send(path, withJson('POST', body))
export const put = <Answer = unknown>(path: string, body: unknown): Promise<Answer> =>
  send(path, withJson('PUT', body))
export const patch = <Answer = unknown>(path: string, body: unknown): Promise<Answer> =>
  send(path, withJson('PATCH', body))
export const remove = <Answer = unknown>(path: string): Promise<Answer> => send(path, { method: 'DELETE' })

/** Sends a file as it is. */
export const upload = <Answer>(path: string, file: Blob, headers: Record<string, string> = {}) =>
  send<Answer>(path, { method: 'POST', body: file, headers: { 'content-type': file.type, ...headers } })

type Query = Record<string, string | number | boolean | null | undefined>

function queryOf(query: Query): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => [name, String(value)])
  return pairs.length ? `?${new URLSearchParams(pairs)}` : ''
}

const withJson = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

async function send<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(path, { ...init, signal: AbortSignal.timeout(DEADLINE) }).catch(() => {
    throw new CallError({ code: 'offline', status: 0, message: '', details: null })
  })
  const body = response.headers.get('content-type')?.includes('json') ? await response.json() : null
  if (response.ok) return body as Answer
  if (response.status === 401 && !path.startsWith('/api/auth/')) forgetLogin()
  throw refusalOf(response.status, body)
}

function refusalOf(status: number, body: unknown): CallError {
  const { error, errorMessage } = (body ?? {}) as { error?: Partial<Refusal>; errorMessage?: string }
  return new CallError({
    code: error?.code ?? `http.${status}`,
    status,
    message: error?.message ?? errorMessage ?? '',
    details: error?.details ?? null,
  })
}
