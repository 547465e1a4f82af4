import { model, Schema, type Types } from 'mongoose'
import type { Currency } from './money.ts'
import type { Language } from './states.ts'

export interface OpeningHours {
  /** 0 Sunday to 6 Saturday. */
  day: number
  /** HH:MM in the shop's zone. */
  opens: string
  closes: string
}

/** A window of delivery that comes again every week; slots are made of it for the days ahead. */
export interface DeliveryWindow {
  /** 0 Sunday to 6 Saturday. */
  days: number[]
  /** HH:MM in the shop's zone. */
  begin: string
  end: string
  capacity: number
}

/** What the shop decides. One document. */
export interface ShopSettings {
  _id: 'shop'
  name: string
  logo: string | null
  /** #RRGGBB with at least 4.5:1 on white. */
  colour: string
  /** ISO 3166 alpha-2: address form, phone form. */
  country: string
  currency: Currency
  /** IANA name. */
  zone: string
  language: Language
  languages: Language[]
  hours: OpeningHours[]
  awayMessage: string
  greeting: string
  /** Percent, contained in prices; 0 shows none. */
  vatPercent: number
  vatId: string
  contact: { phone: string; email: string; address: string; url: string }
  policy: string
  /** The logistic system of seed 1: off skips address and delivery. */
  logistics: boolean
  /** Cards are held when the customer agrees, and taken when the order is confirmed, where a gateway can. */
  captureLater: boolean
  windows: DeliveryWindow[]
  minutes: { hold: number; orderDeadline: number; qr: number; reminder: number }
  linkDays: number
  limits: {
    /** Percent of an order that a role may take off by hand. */
    agentDiscountPercent: number
    managerDiscountPercent: number
    /** Minor units of the shop's own currency: a larger free-text line, or any in another currency, needs a manager. */
    agentFreeLine: number
    /** Minor units of the shop's own currency: a larger refund, or any in another, needs a second person. */
    refundAlone: number
  }
  retentionDays: number
  version: number
  seeded: boolean
  updatedAt: Date
}
const settings = new Schema<ShopSettings>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    logo: { type: String, default: null },
    colour: { type: String, default: '#0b6b4f' },
    country: { type: String, default: 'TH' },
    currency: { type: String, default: 'THB' },
    zone: { type: String, default: 'Asia/Bangkok' },
    language: { type: String, default: 'th' },
    languages: { type: [String], default: ['th', 'en'] },
    hours: { type: [Schema.Types.Mixed], default: [] } as never,
    awayMessage: { type: String, default: '' },
    greeting: { type: String, default: '' },
    vatPercent: { type: Number, default: 7 },
    vatId: { type: String, default: '' },
    contact: { type: Schema.Types.Mixed, default: { phone: '', email: '', address: '', url: '' } },
    policy: { type: String, default: '' },
    logistics: { type: Boolean, default: true },
    captureLater: { type: Boolean, default: false },
    windows: { type: [Schema.Types.Mixed], default: [] } as never,
    minutes: {
      type: Schema.Types.Mixed,
      default: { hold: 30, orderDeadline: 24 * 60, qr: 15, reminder: 10 },
    },
    linkDays: { type: Number, default: 7 },
    limits: {
      type: Schema.Types.Mixed,
      default: {
        agentDiscountPercent: 10,
        managerDiscountPercent: 50,
        agentFreeLine: 200_000,
        refundAlone: 500_000,
      },
    },
    retentionDays: { type: Number, default: 730 },
    version: { type: Number, default: 0 },
    seeded: { type: Boolean, default: false },
  } as never,
  { strict: 'throw', timestamps: { createdAt: false, updatedAt: true }, versionKey: false },
)
export const ShopSettingsStore = model('ShopSettings', settings, 'shop_settings')

/** Something that needs a person. */
export interface StaffTask {
  _id: Types.ObjectId
  /** `payment.conflict`, `payment.duplicate`, `order.review`, `message.unknown`, `dead_letter`, `refund.approve` … */
  kind: string
  /** What it is about: one open task for one kind and subject. */
  subject: string
  order: Types.ObjectId | null
  summary: string
  details: unknown
  state: 'open' | 'done'
  assignee: Types.ObjectId | null
  doneBy: Types.ObjectId | null
  createdAt: Date
  updatedAt: Date
}
const task = new Schema<StaffTask>(
  {
    kind: { type: String, required: true },
    subject: { type: String, required: true },
    order: { type: Schema.Types.ObjectId, default: null },
    summary: { type: String, required: true },
    details: { type: Schema.Types.Mixed, default: null },
    state: { type: String, enum: ['open', 'done'], default: 'open' },
    assignee: { type: Schema.Types.ObjectId, default: null },
    doneBy: { type: Schema.Types.ObjectId, default: null },
  },
  { strict: 'throw', timestamps: true, versionKey: false },
)
task.index({ kind: 1, subject: 1 }, { unique: true, partialFilterExpression: { state: 'open' } })
task.index({ state: 1, createdAt: -1 })
export const StaffTasks = model('StaffTask', task)

/** Who did what, never changed afterwards. */
export interface AuditEntry {
  _id: Types.ObjectId
  by: string
  byName: string
  action: string
  subject: string
  details: unknown
  at: Date
}
const audit = new Schema<AuditEntry>(
  {
    by: { type: String, required: true },
    byName: { type: String, default: '' },
    action: { type: String, required: true },
    subject: { type: String, required: true },
    details: { type: Schema.Types.Mixed, default: null },
    at: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
audit.index({ at: -1 })
audit.index({ subject: 1, at: -1 })
export const AuditEntries = model('AuditEntry', audit)

const counter = new Schema<{ _id: string; value: number }>(
  { _id: { type: String, required: true }, value: { type: Number, required: true } } as never,
  { strict: 'throw', versionKey: false },
)
export const Counters = model('Counter', counter)

/** What is known of a platform outside: its last webhook, its last test, and how it shows the shop. */
export interface Connection {
  _id: string
  /** What of the shop its menu and greeting were last set up with; null while nobody has set them up. */
  look: string | null
  lastWebhookAt: Date | null
  lastTestAt: Date | null
  lastTest: unknown
}
const connection = new Schema<Connection>(
  {
    _id: { type: String, required: true },
    look: { type: String, default: null },
    lastWebhookAt: { type: Date, default: null },
    lastTestAt: { type: Date, default: null },
    lastTest: { type: Schema.Types.Mixed, default: null },
  } as never,
  { strict: 'throw', versionKey: false },
)
export const Connections = model('Connection', connection)
