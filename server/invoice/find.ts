import { Customers } from '../../models/customer.ts'
import { type Order, Orders } from '../../models/order.ts'
import { RegNumbers } from '../../models/reg-number.ts'
import type { Integration } from '../auth/index.ts'
import { AppError, notFound } from '../http/index.ts'

/** The number under either of its names. */
export function regNoOf({
  OInvRegNo,
  RegNo,
}: {
  OInvRegNo?: string | null | undefined
  RegNo?: string | null | undefined
}): string {
  const regNo = (OInvRegNo || RegNo || '').trim()
  if (regNo) return regNo
  throw new AppError('invoice.reg_no', 'Send the number of the invoice as OInvRegNo or RegNo.')
}

/**
 * An order that an integration may act for: one that it has checked out itself, or one of the customer whose GUID it
 * names. Nobody learns of any other.
 */
export async function findInvoice(
  integration: Integration,
  regNo: string,
  guid: string | null | undefined,
): Promise<Order> {
  const order = await Orders.collection.findOne<Order>({ regNo })
  if (!order) throw notFound('The invoice')
  const own = await RegNumbers.exists({ regNo, integration: integration.id, order: order._id })
  const customers = !own && guid ? await Customers.exists({ _id: order.customer, guid }) : null
  if (!own && !customers) throw notFound('The invoice')
  return order
}
