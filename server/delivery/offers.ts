import type mongoose from 'mongoose'
import {
  type Courier,
  Couriers,
  type DeliverySlot,
  DeliverySlots,
  type PickupPoint,
  PickupPoints,
} from '../../models/delivery.ts'
import type { ShopSettings } from '../../models/shop.ts'
import { addDays, dayIn } from '../../models/zone.ts'
import type { CourierOffer, PointOffer } from '../pipeline/contract.ts'

const keptFor = 1000
/** How far ahead slots are offered. */
const daysAhead = 7

interface Directory {
  couriers: Courier[]
  points: PickupPoint[]
}
let kept: { directory: Directory; until: number } | null = null

/** Who delivers an order, at what price and when. A courier that has no rule for the order is not in the list. */
export async function quoteCouriers({
  postalCode,
  goods,
  now,
  settings,
}: {
  /** Empty while no address is known: then only rules for anywhere count. */
  postalCode: string
  /** Minor units. */
  goods: number
  now: Date
  settings: Pick<ShopSettings, 'zone'>
}): Promise<CourierOffer[]> {
  const { couriers } = await directory()
  const priced = couriers.flatMap((courier) => {
    const cost = costOf(courier, postalCode, goods)
    return cost === null ? [] : [{ courier, cost }]
  })
  const slots = priced.some(({ courier }) => courier.slots) ? await slotsFrom(now, postalCode) : []
  const today = dayIn(settings.zone, now)
  return priced.map(({ courier, cost }) => ({
    companyName: courier.name,
    cost,
    estimatedDate: addDays(today, courier.days),
    slots: courier.slots ? slots.map(offerOf) : [],
  }))
}

/** The price by the first rule that the order meets, minor units; null where the courier does not go. */
export function costOf(courier: Pick<Courier, 'rules'>, postalCode: string, goods: number): number | null {
  const rule = courier.rules.find(
    ({ postcodes, from }) =>
      goods >= from && (!postcodes.length || postcodes.some((prefix) => postalCode.startsWith(prefix))),
  )
  return rule?.price ?? null
}

/** Where customers may fetch their goods themselves. */
export async function listPoints(): Promise<PointOffer[]> {
  const { points } = await directory()
  return points.map(({ _id, name, address, hours }) => ({ id: String(_id), name, address, hours }))
}

/** A pickup point that is in use. */
export async function findPoint(id: string | mongoose.Types.ObjectId): Promise<PickupPoint | null> {
  const { points } = await directory()
  return points.find((point) => String(point._id) === String(id)) ?? null
}

/** A courier that is in use, by the name that customers see. */
export async function findCourier(name: string): Promise<Courier | null> {
  const { couriers } = await directory()
  return couriers.find((courier) => courier.name === name) ?? null
}

/** After an edit in this process: the next reader sees it at once. */
export function forgetDirectory(): void {
  kept = null
}

/** Couriers and points in use, at most a second old: every view of an order asks. */
async function directory(): Promise<Directory> {
  if (kept && kept.until > Date.now()) return kept.directory
  const inUse = { active: true }
  const [couriers, points] = await Promise.all([
    Couriers.find(inUse).sort({ position: 1, name: 1 }).lean(),
    PickupPoints.find(inUse).sort({ position: 1, name: 1 }).lean(),
  ])
  kept = { directory: { couriers, points }, until: Date.now() + keptFor }
  return kept.directory
}

/** Slots that have not begun, for everywhere or for the district that the postcode begins with. */
async function slotsFrom(now: Date, postalCode: string): Promise<DeliverySlot[]> {
  const until = new Date(now.getTime() + daysAhead * 86_400_000)
  const slots = await DeliverySlots.collection
    .find<DeliverySlot>({ begin: { $gt: now, $lt: until }, capacity: { $gt: 0 } })
    .sort({ begin: 1 })
    .toArray()
  return slots.filter(({ zone }) => postalCode.startsWith(zone))
}

const offerOf = (slot: DeliverySlot): CourierOffer['slots'][number] => ({
  id: String(slot._id),
  begin: slot.begin.toISOString(),
  end: slot.end.toISOString(),
  full: slot.taken >= slot.capacity,
})
