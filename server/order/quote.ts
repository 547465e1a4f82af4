import type { Order, OrderDelivery } from '../../models/order.ts'
import type { ShopSettings } from '../../models/shop.ts'
import { now } from '../database/index.ts'
import { quoteCouriers } from '../delivery/index.ts'
import { needsDelivery } from './goods.ts'
import { goodsValue } from './totals.ts'

/**
 * Quotes the chosen delivery again, for the goods and the address as they are now. A changed cost or a slot that is
 * gone must be accepted anew. Null when the courier does not go there any more, or nothing is delivered.
 */
export async function requote(
  order: Pick<Order, 'delivery' | 'lines' | 'discount' | 'address' | 'channel'>,
  settings: ShopSettings,
): Promise<OrderDelivery | null> {
  const { delivery } = order
  if (!delivery || !needsDelivery(order, settings.logistics)) return null
  if (delivery.type === 'pickup') return delivery
  const offers = await quoteCouriers({
    postalCode: order.address?.postalCode ?? '',
    goods: goodsValue(order),
    now: now(),
    settings,
  })
  const offer = offers.find(({ companyName }) => companyName === delivery.companyName)
  if (!offer) return null
  const cost = delivery.fixed?.amount ?? offer.cost
  return {
    ...delivery,
    cost,
    estimatedDate: offer.estimatedDate,
    costConfirmed: delivery.costConfirmed && cost === delivery.cost,
  }
}
