import { decimal } from '../../models/money.ts'
import type { Order, OrderLine } from '../../models/order.ts'
import type { ShopSettings } from '../../models/shop.ts'
import { mayActAs, type StaffRole } from '../auth/contract.ts'
import { AppError } from '../http/index.ts'

/** Refuses a discount above what the role may give. */
export function allowDiscount(
  line: Pick<OrderLine, 'unitPrice' | 'quantity' | 'discount'>,
  role: StaffRole,
  settings: ShopSettings,
): void {
  const amount = line.discount?.amount ?? 0
  const whole = line.unitPrice * line.quantity
  if (amount === 0) return
  if (!line.discount?.reason.trim()) throw new AppError('discount.reason', 'Say why the discount is given.')
  if (amount > whole) {
    throw new AppError(
      'discount.too_large',
      'The discount is larger than what it is taken from. Make it smaller.',
    )
  }
  if (mayActAs(role, 'admin')) return
  const { agentDiscountPercent, managerDiscountPercent } = settings.limits
  const percent = mayActAs(role, 'manager') ? managerDiscountPercent : agentDiscountPercent
  if (amount * 100 > whole * percent) {
    throw new AppError(
      'discount.limit',
      `You may give up to ${percent} %. Ask ${mayActAs(role, 'manager') ? 'an admin' : 'a manager'} for more.`,
      { status: 403, details: { percent } },
    )
  }
}

/** Refuses a free-text line above what an agent may write by hand. */
export function allowFreeLine(line: OrderLine, order: Order, role: StaffRole, settings: ShopSettings): void {
  if (line.product || mayActAs(role, 'manager')) return
  const limit = settings.limits.agentFreeLine
  if (line.unitPrice * line.quantity <= limit) return
  throw new AppError(
    'free_line.limit',
    `You may write free lines up to ${decimal(limit, order.currency)} ${order.currency}. Ask a manager.`,
    { status: 403, details: { limit } },
  )
}
