import type { OrderView } from '../../../server/pipeline/contract.ts'
import type { AddressInput } from './form.ts'
import { addressData } from './form.ts'

/** The goods and the total as the page shows them at this moment. */
export const shownGoods = (order: OrderView) => ({
  items: order.lines.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice })),
  total: order.totals.total,
})

/** All that the page shows, for VERIFY_ORDER_CONTEXT to compare with the order. */
export function shownContext(order: OrderView, address: AddressInput) {
  const { delivery, payment } = order
  return {
    ...shownGoods(order),
    address: order.needsDelivery ? addressData(address) : order.address,
    delivery: delivery && {
      type: delivery.type,
      companyName: delivery.companyName,
      pointId: delivery.pointId,
      slotId: delivery.slotId,
      cost: delivery.cost,
    },
    payment: payment && { gateway: payment.gateway, method: payment.method },
  }
}
