import assert from 'node:assert/strict'

export interface Answer<Body> {
  status: number
  headers: Headers
  body: Body
  text: string
}

/** What a request may carry besides its body. */
export interface Extra {
  headers?: Record<string, string>
}

/** One browser, or one script: it keeps its cookies and sends JSON. */
export interface Client {
  url: string
  cookies: Map<string, string>
  get<Body = unknown>(path: string, extra?: Extra): Promise<Answer<Body>>
  post<Body = unknown>(path: string, body?: unknown, extra?: Extra): Promise<Answer<Body>>
  put<Body = unknown>(path: string, body?: unknown, extra?: Extra): Promise<Answer<Body>>
  patch<Body = unknown>(path: string, body?: unknown, extra?: Extra): Promise<Answer<Body>>
  delete<Body = unknown>(path: string, extra?: Extra): Promise<Answer<Body>>
  /** As it stands: no JSON is made of the body. */
  send<Body = unknown>(method: string, path: string, init?: RequestInit): Promise<Answer<Body>>
}

/** A client of a server at this address. */
export function client(url: string): Client {
  const cookies = new Map<string, string>()

  async function send<Body>(method: string, path: string, init: RequestInit = {}): Promise<Answer<Body>> {
    const headers = new Headers(init.headers)
    if (cookies.size && !headers.has('cookie')) {
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    }
    const response = await fetch(url + path, { redirect: 'manual', ...init, method, headers })
    for (const line of response.headers.getSetCookie()) keep(line)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : undefined) as Body,
      text,
    }
  }

  function keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }

  const json =
    (method: string) =>
    (path: string, body?: unknown, extra: Extra = {}) =>
      send<never>(method, path, {
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...extra.headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })

  return {
    url,
    cookies,
    send,
    get: (path, extra = {}) => send('GET', path, extra),
    delete: (path, extra = {}) => send('DELETE', path, extra),
    post: json('POST'),
    put: json('PUT'),
    patch: json('PATCH'),
  }
}

/** The body of an answer that must have this status; shows the whole answer when it does not. */
export async function expectStatus<Body>(status: number, answer: Promise<Answer<Body>>): Promise<Body> {
  const { status: got, body, text } = await answer
  assert.equal(got, status, `expected ${status}, got ${got}: ${text.slice(0, 500)}`)
  return body
}
