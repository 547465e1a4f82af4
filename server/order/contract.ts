import type { PaymentView } from '../payment/contract.ts'
import type { Address, Change, OrderView } from '../pipeline/contract.ts'

/** What a staff member sends to set the lines: the whole list. An absent line is removed. */
export interface ItemInput {
  /** Set on a line that is there already. */
  number?: number
  productId?: string
  sku?: string
  quantity: number
  discount?: { amount: number; reason: string }
  /** A free-text line: name, price and reason instead of a product. */
  name?: string
  unitPrice?: number
  reason?: string
}

/** An order as staff see it: the customer's view, and what is behind it. */
export interface StaffOrderView extends Omit<OrderView, 'savedAddresses' | 'proven' | 'card'> {
  number: number
  customer: { id: string; name: string; picture: string | null; domain: string; status: string }
  conversationId: string | null
  channel: string
  staffLines: {
    number: number
    sku: string | null
    reason: string | null
    discount: { amount: number; reason: string } | null
    /** How many pieces there are for this line, after the lines above it; null where nothing is counted, or no longer. */
    available: number | null
  }[]
  orderDiscount: { amount: number; reason: string } | null
  deliveryFee: { amount: number; reason: string } | null
  openedBy: 'staff' | 'customer'
  openedAt: string | null
  sent: { at: string; outOfDate: boolean } | null
  page: { openedAt: string; seenAt: string } | null
  payments: PaymentView[]
  history: { from: string | null; to: string; version: number; at: string; by: string; reason?: string }[]
  picking: { state: string } | null
  note: string
  /** What may be done now, by state and role: screens show only these, and the server refuses the rest. */
  may: StaffAct[]
}
export const staffActs = [
  'edit',
  'send_card',
  'copy_link',
  'cancel',
  'reopen',
  'refund',
  'pack',
  'send',
  'deliver',
  'resolve_review',
] as const
export type StaffAct = (typeof staffActs)[number]

/** A row of the orders list. */
export interface OrderRow {
  id: string
  regNo: string
  state: string
  customerName: string
  conversationId: string | null
  total: number
  refunded: number
  currency: string
  lines: number
  createdAt: string
  paidAt: string | null
  picking: string | null
  delivery: string | null
}

export type { Address, Change }
