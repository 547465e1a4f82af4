import { model, Schema, type Types } from 'mongoose'
import { type DeliveryCaseState, deliveryCaseStates } from './states.ts'

/** The first rule whose conditions the order meets gives the price. */
export interface PriceRule {
  /** Postcode prefixes; empty means anywhere. */
  postcodes: string[]
  /** Minor units of goods from which the rule holds. */
  from: number
  /** Minor units. */
  price: number
}

export interface Courier {
  _id: Types.ObjectId
  name: string
  active: boolean
  rules: PriceRule[]
  /** Whole days from order to door. */
  days: number
  /** Offers delivery slots of our own. */
  slots: boolean
  trackingUrl: string
  position: number
}
const courier = new Schema<Courier>(
  {
    name: { type: String, required: true },
    active: { type: Boolean, default: true },
    rules: { type: [Schema.Types.Mixed], default: [] } as never,
    days: { type: Number, default: 1 },
    slots: { type: Boolean, default: false },
    trackingUrl: { type: String, default: '' },
    position: { type: Number, default: 0 },
  },
  { strict: 'throw', versionKey: false },
)
courier.index({ name: 1 }, { unique: true })
export const Couriers = model('Courier', courier)

export interface PickupPoint {
  _id: Types.ObjectId
  number: number
  name: string
  address: string
  hours: string
  active: boolean
  position: number
}
const point = new Schema<PickupPoint>(
  {
    number: { type: Number, required: true },
    name: { type: String, required: true },
    address: { type: String, required: true },
    hours: { type: String, default: '' },
    active: { type: Boolean, default: true },
    position: { type: Number, default: 0 },
  },
  { strict: 'throw', versionKey: false },
)
point.index({ number: 1 }, { unique: true })
export const PickupPoints = model('PickupPoint', point)

export interface DeliverySlot {
  _id: Types.ObjectId
  /** YYYY-MM-DD in the shop's zone. */
  date: string
  begin: Date
  end: Date
  /** The postcodes it is for begin with this; empty means all. */
  zone: string
  capacity: number
  taken: number
}
const slot = new Schema<DeliverySlot>(
  {
    date: { type: String, required: true },
    begin: { type: Date, required: true },
    end: { type: Date, required: true },
    zone: { type: String, default: '' },
    capacity: { type: Number, required: true, min: 0 },
    taken: { type: Number, required: true, default: 0, min: 0 },
  },
  { strict: 'throw', versionKey: false },
)
slot.index({ date: 1, begin: 1, zone: 1 }, { unique: true })
slot.index({ begin: 1 })
export const DeliverySlots = model('DeliverySlot', slot)

export interface DeliveryCase {
  _id: Types.ObjectId
  order: Types.ObjectId
  /** Null where no slot was chosen. */
  slot: Types.ObjectId | null
  state: DeliveryCaseState
  courierName: string
  tracking: string
  trackingUrl: string
  sentAt: Date | null
  deliveredAt: Date | null
  createdAt: Date
  updatedAt: Date
}
const deliveryCase = new Schema<DeliveryCase>(
  {
    order: { type: Schema.Types.ObjectId, required: true },
    slot: { type: Schema.Types.ObjectId, default: null },
    state: { type: String, enum: deliveryCaseStates, required: true },
    courierName: { type: String, default: '' },
    tracking: { type: String, default: '' },
    trackingUrl: { type: String, default: '' },
    sentAt: { type: Date, default: null },
    deliveredAt: { type: Date, default: null },
  },
  { strict: 'throw', versionKey: false, timestamps: true },
)
deliveryCase.index({ order: 1 }, { unique: true })
deliveryCase.index({ slot: 1, state: 1 })
deliveryCase.index({ state: 1, createdAt: 1 })
export const DeliveryCases = model('DeliveryCase', deliveryCase)
