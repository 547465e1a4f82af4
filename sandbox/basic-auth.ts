import { timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'

/** What `Authorization: Basic` says; nothing when the header is missing or says something else. */
export function basicCredentials(request: Request): { user: string; password: string } | null {
  const [scheme, encoded = ''] = (request.get('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'basic') return null
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':')
  return { user, password: password.join(':') }
}

/** Compares in constant time; no key at all fits nobody. */
export function isSame(given: string, key: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(key)]
  return key !== '' && a.length === b.length && timingSafeEqual(a, b)
}
