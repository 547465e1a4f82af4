import { z } from 'zod'
import { Couriers, PickupPoints } from '../../models/delivery.ts'
import { isDuplicate } from '../database/index.ts'
import { AppError, notFound, type Route, route, type StaffCaller } from '../http/index.ts'
import { audit, nextNumber } from '../shop/index.ts'
import { forgetDirectory } from './offers.ts'
import { slotRoutes } from './slot-routes.ts'
import { courierView, pointView } from './views.ts'

const id = z.string().regex(/^[0-9a-f]{24}$/)
const CourierId = z.strictObject({ courierId: id })
const PointId = z.strictObject({ pointId: id })
const text = (most: number) => z.string().trim().max(most)
const position = z.int().min(0).max(10_000)
const trackingUrl = z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(300)])

const courierFields = {
  name: text(80).min(1),
  active: z.boolean(),
  rules: z
    .array(
      z.strictObject({
        postcodes: z.array(z.string().regex(/^[A-Z0-9 -]{1,10}$/i)).max(1000),
        from: z.int().min(0).max(1_000_000_000_000),
        price: z.int().min(0).max(1_000_000_000_000),
      }),
    )
    .max(100),
  days: z.int().min(0).max(90),
  slots: z.boolean(),
  trackingUrl,
  position,
}
const CourierChange = z.strictObject(courierFields).partial()
const NewCourier = z.strictObject({
  ...courierFields,
  active: courierFields.active.default(true),
  rules: courierFields.rules.default([]),
  days: courierFields.days.default(1),
  slots: courierFields.slots.default(false),
  trackingUrl: courierFields.trackingUrl.default(''),
  position: position.default(0),
})
const pointFields = {
  name: text(100).min(1),
  address: text(300).min(1),
  hours: text(200),
  active: z.boolean(),
  position,
}
const PointChange = z.strictObject(pointFields).partial()
const NewPoint = z.strictObject({
  ...pointFields,
  hours: pointFields.hours.default(''),
  active: pointFields.active.default(true),
  position: position.default(0),
})

function nameTaken(error: unknown): never {
  if (!isDuplicate(error)) throw error
  throw new AppError('courier.name_taken', 'Another courier has this name. Choose another one.', {
    status: 409,
  })
}

/** After the write: this process offers the change at once, the others within a second. */
async function record(by: StaffCaller, action: string, subject: unknown, details: unknown): Promise<void> {
  forgetDirectory()
  await audit({ by: by.staffId, byName: by.name, action, subject: String(subject), details })
}

/** Couriers, pickup points and slots: few of each, so their lists have no pages. */
export const routes: Route[] = [
  ...slotRoutes,
  route({
    method: 'GET',
    path: '/api/couriers',
    access: 'agent',
    summary: 'Couriers with their price rules; the first rule that an order meets counts',
    async handler() {
      return (await Couriers.find().sort({ position: 1, name: 1 }).limit(500).lean()).map(courierView)
    },
  }),
  route({
    method: 'POST',
    path: '/api/couriers',
    access: 'manager',
    summary: 'Add a courier',
    body: NewCourier,
    async handler({ body, caller }) {
      const courier = await Couriers.create(body).catch(nameTaken)
      await record(caller, 'courier.added', courier._id, body)
      return courierView(courier.toObject())
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/couriers/:courierId',
    access: 'manager',
    summary: 'Change a courier, or take it out of use',
    params: CourierId,
    body: CourierChange,
    async handler({ params, body, caller }) {
      const courier = await Couriers.findByIdAndUpdate(
        params.courierId,
        { $set: body },
        { returnDocument: 'after' },
      )
        .lean()
        .catch(nameTaken)
      if (!courier) throw notFound('The courier')
      await record(caller, 'courier.changed', params.courierId, body)
      return courierView(courier)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/couriers/:courierId',
    access: 'manager',
    summary: 'Remove a courier; orders that chose it keep its name',
    params: CourierId,
    async handler({ params, caller }) {
      const courier = await Couriers.findByIdAndDelete(params.courierId).lean()
      if (!courier) throw notFound('The courier')
      await record(caller, 'courier.removed', params.courierId, { name: courier.name })
      return {}
    },
  }),
  route({
    method: 'GET',
    path: '/api/pickup-points',
    access: 'agent',
    summary: 'Where customers may fetch their goods',
    async handler() {
      return (await PickupPoints.find().sort({ position: 1, name: 1 }).limit(500).lean()).map(pointView)
    },
  }),
  route({
    method: 'POST',
    path: '/api/pickup-points',
    access: 'manager',
    summary: 'Add a pickup point',
    body: NewPoint,
    async handler({ body, caller }) {
      const point = await PickupPoints.create({ ...body, number: await nextNumber('point') })
      await record(caller, 'point.added', point._id, body)
      return pointView(point.toObject())
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/pickup-points/:pointId',
    access: 'manager',
    summary: 'Change a pickup point, or take it out of use',
    params: PointId,
    body: PointChange,
    async handler({ params, body, caller }) {
      const point = await PickupPoints.findByIdAndUpdate(
        params.pointId,
        { $set: body },
        { returnDocument: 'after' },
      ).lean()
      if (!point) throw notFound('The pickup point')
      await record(caller, 'point.changed', params.pointId, body)
      return pointView(point)
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/pickup-points/:pointId',
    access: 'manager',
    summary: 'Remove a pickup point; orders that chose it keep its name',
    params: PointId,
    async handler({ params, caller }) {
      const point = await PickupPoints.findByIdAndDelete(params.pointId).lean()
      if (!point) throw notFound('The pickup point')
      await record(caller, 'point.removed', params.pointId, { name: point.name })
      return {}
    },
  }),
]
