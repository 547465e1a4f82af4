import mongoose from 'mongoose'
import { z } from 'zod'
import type { Order, OrderDelivery } from '../../../models/order.ts'
import { dayIn } from '../../../models/zone.ts'
import { now, transaction } from '../../database/index.ts'
import { findPoint, quoteCouriers, releaseSlot } from '../../delivery/index.ts'
import { AppError } from '../../http/index.ts'
import {
  announceOrder,
  changeOrder,
  computeTotals,
  expectState,
  goodsValue,
  needsDelivery,
} from '../../order/index.ts'
import { shopSettings } from '../../shop/index.ts'
import { releaseHolds } from '../../store/index.ts'
import { action } from '../action.ts'

const Choice = {
  type: z.enum(['courier', 'pickup']),
  companyName: z.string().max(100).optional(),
  slotId: z.string().max(40).nullish(),
  pointId: z.string().max(40).optional(),
  costConfirmed: z.boolean().optional(),
}
type Choice = z.output<z.ZodObject<typeof Choice>>

export const selectLogisticMethod = action({
  name: 'SELECT_LOGISTIC_METHOD',
  summary: 'How the goods come: a courier with its cost accepted, or a pickup point',
  data: Choice,
  async run({ order, data }) {
    expectState(order, ['DRAFT'], 'changing the delivery')
    const settings = await shopSettings()
    if (!needsDelivery(order, settings.logistics)) {
      throw new AppError(
        'delivery.disabled',
        settings.logistics
          ? 'Nothing in this order is delivered. Go on to the payment.'
          : 'This shop does not deliver through this page at the moment. Go on to the payment.',
        { status: 409 },
      )
    }
    const delivery = data.type === 'pickup' ? await atPoint(order, data) : await byCourier(order, data)
    const totals = computeTotals({ ...order, delivery }, settings.vatPercent)
    const slotMoved = order.holdsUntil && String(order.delivery?.slot) !== String(delivery.slot)
    const set = { delivery, totals, ...(slotMoved && { holdsUntil: null }) }
    const changed = slotMoved
      ? await transaction(async (session) => {
          const written = await changeOrder(order, { by: 'customer', set }, session)
          await releaseHolds(session, order._id)
          await releaseSlot(session, order._id)
          return written
        })
      : await changeOrder(order, { by: 'customer', set })
    announceOrder(changed)
    return { order: changed }
  },
})

async function atPoint(order: Order, { pointId }: Choice): Promise<OrderDelivery> {
  const point = pointId && mongoose.isValidObjectId(pointId) ? await findPoint(pointId) : null
  if (!point) {
    throw new AppError('delivery.point', 'This pickup point is not there any more. Choose another one.', {
      status: 409,
      reload: true,
    })
  }
  return {
    type: 'pickup',
    courier: null,
    companyName: null,
    point: point._id,
    pointName: point.name,
    slot: null,
    slotBegin: null,
    slotEnd: null,
    cost: order.delivery?.fixed?.amount ?? 0,
    fixed: order.delivery?.fixed ?? null,
    costConfirmed: true,
    estimatedDate: null,
  }
}

async function byCourier(
  order: Order,
  { companyName, slotId, costConfirmed }: Choice,
): Promise<OrderDelivery> {
  const settings = await shopSettings()
  const offers = await quoteCouriers({
    postalCode: order.address?.postalCode ?? '',
    goods: goodsValue(order),
    now: now(),
    settings,
  })
  const offer = offers.find((one) => one.companyName === companyName)
  if (!offer) {
    throw new AppError('delivery.courier', 'This courier does not come to the address. Choose another one.', {
      status: 409,
      reload: true,
    })
  }
  const slot = slotId ? offer.slots.find(({ id }) => id === slotId) : null
  if (slotId && (!slot || slot.full)) {
    throw new AppError('delivery.slot', 'This time is taken. Choose another one.', {
      status: 409,
      reload: true,
    })
  }
  const fixed = order.delivery?.fixed ?? null
  return {
    type: 'courier',
    courier: null,
    companyName: offer.companyName,
    point: null,
    pointName: null,
    slot: slot ? new mongoose.Types.ObjectId(slot.id) : null,
    slotBegin: slot ? new Date(slot.begin) : null,
    slotEnd: slot ? new Date(slot.end) : null,
    cost: fixed?.amount ?? offer.cost,
    fixed,
    costConfirmed: costConfirmed ?? false,
    estimatedDate: slot ? dayIn(settings.zone, new Date(slot.begin)) : offer.estimatedDate,
  }
}
