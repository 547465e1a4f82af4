import type { Payment } from '../api/orders.ts'

/** What can still be given back, minor units: without what is on its way back, or waits for somebody to agree. */
export const leftOf = ({ captured, refunds }: Payment): number =>
  refunds.reduce((left, { amount, state }) => (state === 'FAILED' ? left : left - amount), captured)
