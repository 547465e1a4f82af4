import type { Json } from './records.ts'

export const versions = ['2019-05-29', '2017-11-02', '2015-11-17', '2014-07-27'] as const
export type Version = (typeof versions)[number]

export const isVersion = (text: string): text is Version => (versions as readonly string[]).includes(text)

/**
 * Rewrites a body of today's version for an account that was never moved on: `created` for `created_at`,
 * lower-case currency, `captured` and `refunded` for the amounts, and before 2017 no status at all.
 */
export function inVersion(body: Json, version: Version): Json {
  if (version === '2019-05-29') return body
  const old = rename(body) as Json
  if (body['object'] !== 'charge') return old
  const { paid, captured_amount: _, authorized_amount: __, refunded_amount, status, ...rest } = old
  return {
    ...rest,
    captured: paid,
    refunded: refunded_amount,
    ...(version === '2017-11-02' ? { status, paid } : {}),
  }
}

function rename(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rename)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === 'created_at') return ['created', inner]
      if (key === 'currency' && typeof inner === 'string') return [key, inner.toLowerCase()]
      if (key === 'metadata') return [key, inner]
      return [key, rename(inner)]
    }),
  )
}
