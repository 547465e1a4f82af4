import { decimal } from '../../models/money.ts'
import type { Order, OrderLine, Reduction } from '../../models/order.ts'
import type { ShopSettings } from '../../models/shop.ts'
import { mayActAs, type StaffRole } from '../auth/contract.ts'
import { AppError } from '../http/index.ts'

/** What a discount is taken from, and what is taken off in all: lines and order together. */
type Reduced = Pick<Order, 'lines' | 'discount'>

/**
 * Refuses reductions above what the role may give of the whole order, lines and order added up. What somebody else
 * was allowed to give may stay: only an act that takes off more, in percent, needs the role for it.
 */
export function allowDiscounts(
  before: Reduced,
  after: Reduced,
  role: StaffRole,
  settings: ShopSettings,
): void {
  for (const { discount, unitPrice, quantity } of after.lines) fits(discount, unitPrice * quantity)
  fits(after.discount, wholeOf(after))
  if (mayActAs(role, 'admin')) return
  const { agentDiscountPercent, managerDiscountPercent } = settings.limits
  const percent = mayActAs(role, 'manager') ? managerDiscountPercent : agentDiscountPercent
  const more = offOf(after) * Math.max(wholeOf(before), 1) > offOf(before) * wholeOf(after)
  if (more && offOf(after) * 100 > wholeOf(after) * percent) {
    throw new AppError(
      'discount.limit',
      `You may give up to ${percent} %. Ask ${mayActAs(role, 'manager') ? 'an admin' : 'a manager'} for more.`,
      { status: 403, details: { percent } },
    )
  }
}

const wholeOf = ({ lines }: Reduced): number =>
  lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0)
const offOf = ({ lines, discount }: Reduced): number =>
  lines.reduce((sum, line) => sum + (line.discount?.amount ?? 0), discount?.amount ?? 0)

function fits(discount: Reduction | null | undefined, whole: number): void {
  if (!discount?.amount) return
  if (!discount.reason.trim()) throw new AppError('discount.reason', 'Say why the discount is given.')
  if (discount.amount > whole) {
    throw new AppError(
      'discount.too_large',
      'The discount is larger than what it is taken from. Make it smaller.',
    )
  }
}

/** Refuses another delivery fee without a reason, or further from what it costs now than an agent may write by hand. */
export function allowFee(
  order: Order,
  { amount, reason }: { amount: number; reason: string },
  role: StaffRole,
  settings: ShopSettings,
): void {
  if (!reason.trim()) throw new AppError('delivery.fee_reason', 'Say why the delivery costs something else.')
  if (mayActAs(role, 'manager')) return
  const cost = order.delivery?.cost ?? 0
  if (amount === cost) return
  if (order.currency !== settings.currency) throw otherMoney('delivery.fee_currency', order, settings)
  const limit = settings.limits.agentFreeLine
  if (cost - amount <= limit && (amount <= cost || amount <= limit)) return
  const upTo = `${decimal(limit, order.currency)} ${order.currency}`
  throw new AppError(
    'delivery.fee_limit',
    `You may set up to ${upTo}, and take as much off. Ask a manager.`,
    { status: 403, details: { upTo } },
  )
}

/** Refuses a free-text line above what an agent may write by hand; one that is there already may stay. */
export function allowFreeLine(line: OrderLine, order: Order, role: StaffRole, settings: ShopSettings): void {
  if (line.product || mayActAs(role, 'manager')) return
  const before = order.lines.find(({ number }) => number === line.number)
  if (before?.unitPrice === line.unitPrice && before.quantity >= line.quantity) return
  if (order.currency !== settings.currency) throw otherMoney('free_line.currency', order, settings)
  const limit = settings.limits.agentFreeLine
  if (line.unitPrice * line.quantity <= limit) return
  const upTo = `${decimal(limit, order.currency)} ${order.currency}`
  throw new AppError('free_line.limit', `You may write free lines up to ${upTo}. Ask a manager.`, {
    status: 403,
    details: { upTo },
  })
}

/**
 * A limit is in the shop's own money. Of other money its number says nothing (5,000 yen are not 50 baht), so there an
 * agent decides no amount alone.
 */
function otherMoney(code: string, order: Order, { currency }: ShopSettings): AppError {
  return new AppError(
    code,
    `Your limit is in ${currency}, and this order is in ${order.currency}. Ask a manager.`,
    { status: 403, details: { currency, other: order.currency } },
  )
}
