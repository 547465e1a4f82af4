import type { PaymentRef } from '../../../../models/payment.ts'

/*
 * What staff have decided of an attempt's slips stands in the attempt's own references: that is all that this gateway
 * can read back, for no platform knows anything.
 */

export const waitingRef = (slip: string): PaymentRef => ({ kind: 'slip', value: slip })
export const refusedRef = (slip: string): PaymentRef => ({ kind: 'refused_slip', value: slip })
/** Minor units that a person has seen in the account. */
export const confirmedRef = (slip: string, amount: number): PaymentRef => ({
  kind: 'confirmed_slip',
  value: `${slip}:${amount}`,
})
/** The bank's own number of a transfer, as a person read it in the account. */
export const transferRef = (bankReference: string): PaymentRef => ({ kind: 'transfer', value: bankReference })

/** Where an attempt stands with its slips; absent while none was sent. */
export function slipStateOf(refs: readonly PaymentRef[]): 'waiting' | 'confirmed' | 'refused' | undefined {
  const has = (kind: string) => refs.some((ref) => ref.kind === kind)
  if (has('slip')) return 'waiting'
  if (has('confirmed_slip')) return 'confirmed'
  return has('refused_slip') ? 'refused' : undefined
}

/** What has come in, by all slips that were confirmed. */
export const confirmedAmount = (refs: readonly PaymentRef[]): number =>
  refs
    .filter(({ kind }) => kind === 'confirmed_slip')
    .reduce((sum, { value }) => sum + Number(value.split(':')[1]), 0)

/** When the slip that waits was sent: the first eight digits of its id are the seconds. */
export function waitingSince(refs: readonly PaymentRef[]): Date | undefined {
  const slip = refs.find(({ kind }) => kind === 'slip')
  return slip && new Date(Number.parseInt(slip.value.slice(0, 8), 16) * 1000)
}
