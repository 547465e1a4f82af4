import mongoose from 'mongoose'
import { z } from 'zod'
import { type DeliverySlot, DeliverySlots } from '../../models/delivery.ts'
import { dayIn, instantIn } from '../../models/zone.ts'
import { now } from '../database/index.ts'
import { AppError, notFound, type Route, route, type StaffCaller } from '../http/index.ts'
import { audit, shopSettings } from '../shop/index.ts'
import { planSlots } from './plan.ts'
import { slotView } from './views.ts'

const SlotId = z.strictObject({ slotId: z.string().regex(/^[0-9a-f]{24}$/) })
const capacity = z.int().min(0).max(10_000)
const day = z.iso.date()
/** An instant, or a time of the shop's clock on the slot's day. */
const moment = z.union([z.iso.datetime({ offset: true }), z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)])
const mostListed = 1000

/** Slots of our own delivery. A closed slot has the capacity 0: it is neither listed nor offered. */
export const slotRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/slots',
    access: 'agent',
    summary: 'Delivery slots of a day and later; from today when no day is given',
    query: z.strictObject({ from: day.optional(), to: day.optional() }),
    async handler({ query }) {
      await planSlots()
      const { zone } = await shopSettings()
      const from = query.from ?? dayIn(zone, now())
      const slots = await DeliverySlots.find({
        date: { $gte: from, ...(query.to && { $lte: query.to }) },
        $or: [{ capacity: { $gt: 0 } }, { taken: { $gt: 0 } }],
      })
        .sort({ begin: 1 })
        .limit(mostListed)
        .lean()
      return slots.map(slotView)
    },
  }),
  route({
    method: 'POST',
    path: '/api/slots',
    access: 'manager',
    summary: 'Add a slot',
    body: z.strictObject({ date: day, begin: moment, end: moment, capacity: capacity.min(1) }),
    handler: ({ caller, body }) => addSlot(caller, body),
  }),
  route({
    method: 'PATCH',
    path: '/api/slots/:slotId',
    access: 'manager',
    summary: 'Change how many orders a slot takes; not below those it has taken',
    params: SlotId,
    body: z.strictObject({ capacity }),
    handler: ({ caller, params, body }) => resizeSlot(caller, params.slotId, body.capacity),
  }),
  route({
    method: 'DELETE',
    path: '/api/slots/:slotId',
    access: 'manager',
    summary: 'Close a slot that no order has taken',
    params: SlotId,
    async handler({ caller, params }) {
      await resizeSlot(caller, params.slotId, 0)
      return {}
    },
  }),
]

async function addSlot(
  by: StaffCaller,
  given: { date: string; begin: string; end: string; capacity: number },
) {
  const { zone } = await shopSettings()
  const instant = (text: string) => (text.length === 5 ? instantIn(zone, given.date, text) : new Date(text))
  const [begin, end] = [instant(given.begin), instant(given.end)]
  if (end <= begin) throw new AppError('slot.order', 'A slot must end after it begins. Correct its times.')
  if (begin <= now()) throw new AppError('slot.past', 'This time has passed. Choose a later one.')
  const where = { date: dayIn(zone, begin), begin, zone: '' }
  const slot = await DeliverySlots.findOneAndUpdate(
    // A slot that was closed is opened again.
    { ...where, capacity: 0 },
    {
      $set: { end, capacity: given.capacity },
      $setOnInsert: { _id: new mongoose.Types.ObjectId(), taken: 0 },
    },
    { upsert: true, returnDocument: 'after' },
  )
    .lean()
    .catch((error: unknown) => {
      if ((error as { code?: number }).code !== 11_000) throw error
      throw new AppError(
        'slot.exists',
        'There is a slot at this time already. Change its capacity instead.',
        {
          status: 409,
        },
      )
    })
  await record(by, 'slot.added', slot)
  return slotView(slot)
}

async function resizeSlot(by: StaffCaller, id: string, wanted: number) {
  const slot = await DeliverySlots.findOneAndUpdate(
    { _id: id, taken: { $lte: wanted } },
    { $set: { capacity: wanted } },
    { returnDocument: 'after' },
  ).lean()
  if (slot) {
    await record(by, 'slot.changed', slot)
    return slotView(slot)
  }
  const known = await DeliverySlots.findById(id).lean()
  if (!known) throw notFound('The slot')
  throw new AppError(
    'slot.taken',
    `${known.taken} orders have taken this slot: it cannot hold fewer. Move those orders first.`,
    { status: 409, details: { taken: known.taken } },
  )
}

const record = (by: StaffCaller, action: string, { _id, date, begin, capacity: size }: DeliverySlot) =>
  audit({
    by: by.staffId,
    byName: by.name,
    action,
    subject: String(_id),
    details: { date, begin, capacity: size },
  })
