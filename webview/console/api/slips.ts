import type { SlipView } from '../../../server/payment/contract.ts'
import { get, post } from './http.ts'

export type { SlipView }

export const listSlips = async (paymentId: string): Promise<SlipView[]> =>
  (await get<{ slips: SlipView[] }>(`/api/payments/${paymentId}/slips`)).slips
export const pictureOf = ({ id }: SlipView): string => `/api/slips/${id}/picture`
export const confirmSlip = (id: string, seen: { amount: number; bankReference: string }) =>
  post(`/api/slips/${id}/confirm`, seen)
export const refuseSlip = (id: string, reason: string) => post(`/api/slips/${id}/refuse`, { reason })
