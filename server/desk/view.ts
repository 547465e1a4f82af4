import { type Customer, Customers } from '../../models/customer.ts'
import type { Order } from '../../models/order.ts'
import type { Payment } from '../../models/payment.ts'
import { PickingCases } from '../../models/store.ts'
import { mayActAs } from '../auth/contract.ts'
import type { StaffCaller } from '../http/index.ts'
import type { StaffAct, StaffOrderView } from '../order/contract.ts'
import { digestOf } from '../order/index.ts'
import { paymentView } from '../payment/index.ts'
import { attemptsOf, viewOrder } from '../pipeline/index.ts'
import { availableFor } from '../store/index.ts'

/** An order with everything behind it, and what this staff member may do with it now. `known` is whose it is, if read. */
export async function viewForStaff(
  order: Order,
  staff: StaffCaller,
  known?: Customer,
): Promise<StaffOrderView> {
  const payments = await attemptsOf(order)
  const [view, customer, picking, available] = await Promise.all([
    viewOrder(order, { proven: false, staff: true }, payments),
    known ?? Customers.collection.findOne<Customer>({ _id: order.customer }),
    // Only what is paid is packed.
    order.paidAt ? PickingCases.findOne({ order: order._id }, { state: 1 }).lean() : null,
    availableByLine(order),
  ])
  const { savedAddresses: _addresses, proven: _proven, card: _card, ...rest } = view
  return {
    ...rest,
    number: order.number,
    customer: {
      id: String(order.customer),
      name: customer?.name || customer?.username || '',
      picture: customer?.picture ?? null,
      domain: customer?.domain ?? 'LEAD',
      status: customer?.status ?? 'FOLLOW',
    },
    conversationId: order.conversation && String(order.conversation),
    channel: order.channel,
    staffLines: order.lines.map(({ number, variant, reason, discount }) => ({
      number,
      sku: variant,
      reason: reason ?? null,
      discount: discount ? { amount: discount.amount, reason: discount.reason } : null,
      available: available.get(number) ?? null,
    })),
    orderDiscount: order.discount && { amount: order.discount.amount, reason: order.discount.reason },
    deliveryFee: order.delivery?.fixed
      ? { amount: order.delivery.fixed.amount, reason: order.delivery.fixed.reason }
      : null,
    openedBy: order.openedBy,
    openedAt: order.openedAt?.toISOString() ?? null,
    sent: order.card && {
      at: order.card.sentAt.toISOString(),
      outOfDate: order.card.digest !== digestOf(order),
    },
    page: order.page && {
      openedAt: order.page.openedAt.toISOString(),
      seenAt: order.page.seenAt.toISOString(),
    },
    payments: payments.map(paymentView),
    history: order.history.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() })),
    picking: picking && { state: picking.state },
    note: order.note,
    may: actsFor(order, payments, picking?.state ?? null, staff),
  }
}

/** What staff may still promise. The pieces that this order holds are its own; a paid order promises nothing more. */
async function availableByLine({ _id, state, lines, holdsUntil }: Order): Promise<Map<number, number>> {
  const counted = lines.flatMap(({ number, variant, quantity }) =>
    variant ? [{ number, sku: variant, quantity }] : [],
  )
  if (state !== 'DRAFT' || !counted.length) return new Map()
  const left = await availableFor(
    holdsUntil && _id,
    counted.map(({ sku }) => sku),
  )
  return new Map(
    counted.map(({ number, sku, quantity }) => {
      const available = left.get(sku) ?? 0
      left.set(sku, Math.max(0, available - quantity))
      return [number, available]
    }),
  )
}

function actsFor(order: Order, payments: Payment[], picking: string | null, staff: StaffCaller): StaffAct[] {
  const { state } = order
  const manager = mayActAs(staff.role, 'manager')
  const unpaid = state === 'DRAFT' || state === 'AWAITING_PAYMENT'
  const onTheWay = state === 'CONFIRMED' || state === 'FULFILLING'
  const conditions: Record<StaffAct, boolean> = {
    edit: state === 'DRAFT',
    send_card: state === 'DRAFT' && order.lines.length > 0,
    copy_link: state !== 'CANCELED',
    cancel: unpaid || (manager && onTheWay),
    reopen: state === 'EXPIRED',
    refund: manager && payments.some(({ captured, refunded }) => captured > refunded),
    pack: onTheWay && picking === 'OPEN',
    send: onTheWay && (picking === 'OPEN' || picking === 'PICKED'),
    deliver: state === 'FULFILLING',
    resolve_review: manager && state === 'MANUAL_REVIEW',
  }
  return (Object.keys(conditions) as StaffAct[]).filter((act) => conditions[act])
}
