import assert from 'node:assert/strict'
import type { Attempt, OpenDetails, Opened } from '../../server/payment/gateway.ts'
import { newAttempt } from './gateway-bench.ts'

export const details: OpenDetails = {
  orderRegNo: 'P-000123',
  description: 'Ýüpek & Co #1 100%',
  returnUrl: 'http://127.0.0.1:3000/r/unguessable',
  customer: { name: 'Maral', email: '', phone: '+99365123456', language: 'tk', ip: '203.0.113.7' },
}

export const anAttempt = (): Attempt =>
  newAttempt({ method: 'card', money: { amount: 1750, currency: 'TMT' } })

/** Where the bank's own page is. */
export function popup(next: Opened['next']): string {
  assert.ok(next.kind === 'popup')
  return next.url
}
