import { createHmac } from 'node:crypto'
import type { MessengerPage, Person } from './types.ts'

/** What the extensions tell a page of who opened it. */
export interface PageContext {
  psid: string
  tid: string
  thread_type: 'USER_TO_PAGE'
  signed_request: string
}

/** The context with its signed request: the signature is over the encoded payload, by the app's secret. */
export function contextOf(
  page: MessengerPage,
  person: Person,
  now: number,
  overrides: object = {},
): PageContext {
  const about = { psid: person.psid, tid: person.psid, thread_type: 'USER_TO_PAGE' as const }
  const payload = Buffer.from(
    JSON.stringify({
      algorithm: 'HMAC-SHA256',
      issued_at: Math.floor(now / 1000),
      // A number in Meta's own examples, too.
      page_id: page.pageId,
      ...about,
      ...overrides,
    }),
  ).toString('base64url')
  const signature = createHmac('sha256', page.appSecret).update(payload).digest('base64url')
  return { ...about, signed_request: `${signature}.${payload}` }
}
