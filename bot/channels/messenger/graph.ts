import { createHmac } from 'node:crypto'
import type { MessengerSettings } from '../../../server/settings.ts'
import { GraphRefusal, readRefusal } from './errors.ts'

/** Nobody waits longer than this for Meta. */
const deadlineMs = 10_000
const profileFields = ['get_started', 'greeting', 'persistent_menu', 'ice_breakers', 'whitelisted_domains']

type Query = Record<string, string>
export type Answer = Record<string, unknown>

/** The Graph API with the page's token; every call has a deadline. Throws a GraphRefusal, or what fetch throws. */
export interface Graph {
  get(path: string, query?: Query): Promise<Answer>
  post(path: string, body: object): Promise<Answer>
  /** With the app's own token instead, for what belongs to the app. */
  postAsApp(path: string, body: object): Promise<Answer>
  getAsApp(path: string): Promise<Answer>
  /** What customers see of the page: menu, greeting and so on, as far as it is set. */
  pageProfile(): Promise<Answer>
}

export function createGraph({ apiUrl, pageToken, appSecret, appId }: MessengerSettings): Graph {
  // Proves that whoever has the token has the secret too: a stolen token alone is of no use.
  const proof = createHmac('sha256', appSecret).update(pageToken).digest('hex')

  async function call(
    method: 'GET' | 'POST',
    path: string,
    { token = pageToken, query = {}, body }: { token?: string; query?: Query; body?: object },
  ): Promise<Answer> {
    const address = new URL(`${apiUrl}/${path}`)
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
    if (token === pageToken) address.searchParams.set('appsecret_proof', proof)
    const response = await fetch(address, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(deadlineMs),
    })
    const text = await response.text()
    if (!response.ok) throw readRefusal(response, text)
    return parse(text, response.status)
  }

  const appToken = `${appId}|${appSecret}`
  return {
    get: (path, query = {}) => call('GET', path, { query }),
    post: (path, body) => call('POST', path, { body }),
    postAsApp: (path, body) => call('POST', path, { token: appToken, body }),
    getAsApp: (path) => call('GET', path, { token: appToken }),
    async pageProfile() {
      const { data } = await call('GET', 'me/messenger_profile', {
        query: { fields: profileFields.join(',') },
      })
      return (Array.isArray(data) && (data[0] as Answer | undefined)) || {}
    },
  }
}

function parse(text: string, status: number): Answer {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null) return parsed as Answer
  } catch {
    // Told below.
  }
  throw new GraphRefusal({ status, message: 'Meta answered something that is no JSON' })
}
