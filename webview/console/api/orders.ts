import type { ItemInput, OrderRow, StaffAct, StaffOrderView } from '../../../server/order/contract.ts'
import { get, post, put } from './http.ts'

export type { ItemInput, OrderRow, StaffAct, StaffOrderView }
export type StaffLine = StaffOrderView['lines'][number] & Partial<StaffOrderView['staffLines'][number]>
export type Payment = StaffOrderView['payments'][number]

const at = (id: string) => `/api/orders/${id}`

export const listOrders = (filter: {
  state?: string
  q?: string
  picking?: 'open' | ''
  cursor?: string | null
}) => get<{ rows: OrderRow[]; cursor: string | null }>('/api/orders', filter)
export const findOrder = (id: string) => get<StaffOrderView>(at(id))

export const setItems = (id: string, version: number, items: ItemInput[]) =>
  put<StaffOrderView>(`${at(id)}/items`, { version, items })
export const setDiscount = (id: string, version: number, amount: number, reason: string) =>
  put<StaffOrderView>(`${at(id)}/discount`, { version, amount, reason })
export const setDeliveryFee = (id: string, version: number, amount: number | null, reason: string) =>
  put<StaffOrderView>(`${at(id)}/delivery-fee`, { version, amount, reason })

export const sendCard = (id: string, version: number) => post<StaffOrderView>(`${at(id)}/card`, { version })
export const makeLink = (id: string) => post<{ url: string }>(`${at(id)}/link`)
export const cancelOrder = (id: string, version: number, reason: string) =>
  post<StaffOrderView>(`${at(id)}/cancel`, { version, reason })
export const reopenOrder = (id: string, version: number) =>
  post<StaffOrderView>(`${at(id)}/reopen`, { version })

export const refund = (
  id: string,
  wish: { paymentId: string; amount: number; reason: string; opId: string },
) => post<StaffOrderView>(`${at(id)}/refunds`, wish)
export const approveRefund = (id: string, opId: string) =>
  post<StaffOrderView>(`${at(id)}/refunds/${encodeURIComponent(opId)}/approve`)
export const declineRefund = (id: string, opId: string) =>
  post<StaffOrderView>(`${at(id)}/refunds/${encodeURIComponent(opId)}/decline`)
/** Staff have seen at the gateway itself what became of it. */
export const settleRefund = (id: string, opId: string, wasMade: boolean) =>
  post<StaffOrderView>(`${at(id)}/refunds/${encodeURIComponent(opId)}/settle`, { wasMade })
/** Staff have seen at the gateway itself that nothing came. */
export const endAttempt = (id: string, paymentId: string) =>
  post<StaffOrderView>(`${at(id)}/payments/${paymentId}/end`)
export const decideReview = (
  id: string,
  choice: { version: number; decision: 'accept' | 'refund'; reason: string },
) => post<StaffOrderView>(`${at(id)}/review`, choice)

export const packOrder = (id: string) => post<StaffOrderView>(`${at(id)}/pack`)
export const sendParcel = (
  id: string,
  parcel: { courierName: string; tracking: string; trackingUrl?: string },
) => post<StaffOrderView>(`${at(id)}/send`, parcel)
export const deliverOrder = (id: string) => post<StaffOrderView>(`${at(id)}/deliver`)
export const packingSlip = (id: string) => `${at(id)}/packing-slip`
