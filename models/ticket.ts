import { model, Schema, type Types } from 'mongoose'

/** What a ticket lets one in to. One for each product that is a ticket; its seats are counted as stock. */
export interface TicketEvent {
  _id: Types.ObjectId
  product: Types.ObjectId
  startsAt: Date
  place: string
  /** Seats that there are: free, held and sold. */
  capacity: number
}
const event = new Schema<TicketEvent>(
  {
    product: { type: Schema.Types.ObjectId, required: true },
    startsAt: { type: Date, required: true },
    place: { type: String, required: true },
    capacity: { type: Number, required: true, min: 0, validate: Number.isSafeInteger },
  },
  { strict: 'throw', versionKey: false, timestamps: true },
)
event.index({ product: 1 }, { unique: true })
export const TicketEvents = model('TicketEvent', event, 'ticket_events')

export const ticketStates = ['VALID', 'CHECKED_IN', 'VOID'] as const
export type TicketState = (typeof ticketStates)[number]

/** One seat of one paid order. Its code is derived when it is shown; only the hash is stored. */
export interface Ticket {
  _id: Types.ObjectId
  order: Types.ObjectId
  orderRegNo: string
  product: Types.ObjectId
  /** What it said when it was sold. */
  name: string
  line: number
  /** 1 to the quantity of the line. */
  seat: number
  codeHash: string
  state: TicketState
  checkedInAt: Date | null
  checkedInBy: string | null
  checkedInByName: string
  voidedAt: Date | null
  voidReason: string
  createdAt: Date
}
const ticket = new Schema<Ticket>(
  {
    order: { type: Schema.Types.ObjectId, required: true },
    orderRegNo: { type: String, required: true },
    product: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    line: { type: Number, required: true },
    seat: { type: Number, required: true },
    codeHash: { type: String, required: true },
    state: { type: String, enum: ticketStates, required: true },
    checkedInAt: { type: Date, default: null },
    checkedInBy: { type: String, default: null },
    checkedInByName: { type: String, default: '' },
    voidedAt: { type: Date, default: null },
    voidReason: { type: String, default: '' },
    createdAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
ticket.index({ order: 1, line: 1, seat: 1 }, { unique: true })
ticket.index({ codeHash: 1 }, { unique: true })
ticket.index({ product: 1, state: 1 })
export const Tickets = model('Ticket', ticket)
