import type { DoorView, TicketEventView } from '../../../server/ticket/contract.ts'
import { get, post, put } from './http.ts'

export type { DoorView, TicketEventView }

export const findEvent = (productId: string) => get<TicketEventView>(`/api/products/${productId}/event`)
export const setEvent = (productId: string, event: { startsAt: string; place: string; capacity: number }) =>
  put<TicketEventView>(`/api/products/${productId}/event`, event)
export const checkIn = (code: string) => post<DoorView>('/api/tickets/check-in', { code })
