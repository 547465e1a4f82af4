import type { Payment, PaymentRef } from '../../models/payment.ts'

/** Under names of these kinds a platform or a bank lists money; the others only led to it: a session, a code, a slip. */
const ofMoney: readonly string[] = ['transfer', 'charge', 'payment', 'transaction', 'order']

/** By what a bookkeeper finds an attempt's money at the gateway or in the bank's account; of several, the newest. */
export const referenceOf = ({ refs }: Pick<Payment, 'refs'>): PaymentRef | null =>
  refs.findLast(({ kind }) => ofMoney.includes(kind)) ?? refs[0] ?? null
