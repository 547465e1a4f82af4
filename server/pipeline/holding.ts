import type { ClientSession } from 'mongoose'
import type { Order } from '../../models/order.ts'
import { holdSlot } from '../delivery/index.ts'
import { wantedGoods } from '../order/index.ts'
import { begunEvents, type Shortage, takeHolds } from '../store/index.ts'
import { ContextChanged } from './conflict.ts'
import type { Change } from './contract.ts'

/** Refuses an order with tickets to what has begun meanwhile, though their seats may be held for it still. */
export async function expectNotBegun(order: Order): Promise<void> {
  const wanted = wantedGoods(order)
  const events = await begunEvents(wanted.flatMap(({ event }) => event ?? []))
  const late = wanted.filter(({ event }) => event && events.some((one) => one.equals(event)))
  if (late.length) throw begun(order, late)
}

const begun = ({ lines }: Order, late: Pick<Shortage, 'line'>[]): ContextChanged =>
  new ContextChanged(
    'event.begun',
    late.map(({ line }): Change => {
      const name = lines.find(({ number }) => number === line)?.name ?? ''
      return { field: 'event_begun', name }
    }),
  )

/** Takes the goods and the delivery slot of an order until a moment, all or nothing: 409 names what is short. */
export async function takeAll(session: ClientSession, order: Order, until: Date): Promise<void> {
  const short = await takeHolds(session, order._id, wantedGoods(order), until)
  if (short.some(({ begun }) => begun)) throw begun(order, short)
  const changes = short.map(({ line, available }): Change => {
    const wanted = order.lines.find(({ number }) => number === line)
    return { field: 'stock', name: wanted?.name ?? '', from: wanted?.quantity ?? null, to: available }
  })
  const slot = order.delivery?.slot
  if (slot && !changes.length && !(await holdSlot(session, order._id, slot))) changes.push({ field: 'slot' })
  if (changes.length) throw new ContextChanged('stock.short', changes)
}
