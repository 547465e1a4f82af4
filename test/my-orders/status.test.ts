import assert from 'node:assert/strict'
import { orderStates } from '../../models/states.ts'
import { statusOf } from '../../server/my-orders/status.ts'

describe('the two words for an order', () => {
  const words = (state: (typeof orderStates)[number], more: object = {}) => {
    const { order, payment } = statusOf({ state, captured: 0, refunded: 0, attempt: null, ...more })
    return `${order} ${payment}`
  }

  it('are there for every state', () => {
    const found = Object.fromEntries(orderStates.map((state) => [state, words(state)]))
    assert.deepEqual(found, {
      DRAFT: 'pending pending',
      AWAITING_PAYMENT: 'pending pending',
      EXPIRED: 'cancelled expired',
      PAID: 'processing paid',
      CONFIRMING: 'processing paid',
      CONFIRMED: 'completed paid',
      FULFILLING: 'completed paid',
      DELIVERED: 'completed paid',
      COMPENSATING: 'processing paid',
      CANCELED: 'cancelled cancelled',
      MANUAL_REVIEW: 'pending pending',
    })
  })

  it('tell what came of the money', () => {
    assert.equal(words('DELIVERED', { captured: 100, refunded: 100 }), 'completed refunded')
    assert.equal(words('DELIVERED', { captured: 100, refunded: 40 }), 'completed paid')
    assert.equal(words('COMPENSATING', { captured: 100, refunded: 100 }), 'processing refunded')
    assert.equal(words('CANCELED', { captured: 100, refunded: 100 }), 'cancelled refunded')
    assert.equal(words('CANCELED', { attempt: 'FAILED' }), 'cancelled failed')
  })
})
