import type {
  Comparing,
  DifferenceView,
  MovementView,
  ReconciliationView,
} from '../../../server/reconciliation/contract.ts'
import { get, post } from './http.ts'

export type { DifferenceView, MovementView, ReconciliationView }

/** Days of the shop, both included, YYYY-MM-DD. */
export interface Days {
  from: string
  to: string
}

export interface ComparedGateway {
  name: string
  comparing: Comparing
}

export type ReconciledDay = ReconciliationView & { differences: DifferenceView[]; more: boolean }

export const listDays = (cursor: string | null) =>
  get<{
    days: ReconciliationView[]
    cursor: string | null
    gateways: ComparedGateway[]
  }>('/api/reconciliations', { cursor })
export const showDay = (id: string) => get<ReconciledDay>(`/api/reconciliations/${id}`)
export const compareDay = (gateway: string, day: string) =>
  post<ReconciliationView>('/api/reconciliations', { gateway, day })
export const dayFile = (id: string) => `/api/reconciliations/${id}/csv`

export const listMoney = (days: Days, cursor: string | null) =>
  get<{ movements: MovementView[]; cursor: string | null }>('/api/money', { ...days, cursor })
export const moneyFile = ({ from, to }: Days) => `/api/money/csv?from=${from}&to=${to}`
