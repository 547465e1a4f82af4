import { model, Schema, type Types } from 'mongoose'

/** A one-time link by mail or on the terminal: an invitation, a forgotten password, the first set-up. */
export interface OneTimeLink {
  hash: string
  purpose: 'join' | 'reset'
  expiresAt: Date
}

/** Somebody who logs in: staff, or a customer with a password. */
export interface User {
  _id: Types.ObjectId
  /** Lower case. */
  username: string
  /** Lower case; absent for nobody. */
  email: string
  firstName: string
  lastName: string
  phone: string
  /** Empty until an invited person has chosen a password. */
  passwordHash: string
  roles: ('customer' | 'agent' | 'manager' | 'admin')[]
  customerId: Types.ObjectId | null
  active: boolean
  /** The printed login of the sandbox: refused anywhere else. */
  demo: boolean
  link: OneTimeLink | null
  /** Counts changes of who is an admin: both sides of a race write it, so one of them has to look again. */
  guard: number
  lastSeenAt: Date | null
  createdAt: Date
}
const user = new Schema<User>(
  {
    username: { type: String, required: true },
    email: { type: String, required: true },
    firstName: { type: String, default: '' },
    lastName: { type: String, default: '' },
    phone: { type: String, default: '' },
    passwordHash: { type: String, default: '' },
    roles: { type: [String], enum: ['customer', 'agent', 'manager', 'admin'], required: true },
    customerId: { type: Schema.Types.ObjectId, default: null },
    active: { type: Boolean, default: true },
    demo: { type: Boolean, default: false },
    link: { type: Schema.Types.Mixed, default: null },
    guard: { type: Number, default: 0 },
    lastSeenAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
user.index({ username: 1 }, { unique: true })
user.index({ email: 1 }, { unique: true })
user.index({ 'link.hash': 1 }, { unique: true, partialFilterExpression: { 'link.hash': { $exists: true } } })
user.index({ roles: 1 })
export const Users = model('User', user)

/** One browser that is logged in, or that has opened an order's link. Only the hash of its token is kept. */
export interface Session {
  _id: Types.ObjectId
  hash: string
  kind: 'staff' | 'customer'
  /** Staff: copied here so that one indexed read judges a request. */
  user: Types.ObjectId | null
  name: string
  role: 'agent' | 'manager' | 'admin' | null
  customer: Types.ObjectId | null
  orders: Types.ObjectId[]
  /** Links to the catalogue that this browser has opened. */
  catalogues: Types.ObjectId[]
  proven: boolean
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}
const session = new Schema<Session>(
  {
    hash: { type: String, required: true },
    kind: { type: String, enum: ['staff', 'customer'], required: true },
    user: { type: Schema.Types.ObjectId, default: null },
    name: { type: String, default: '' },
    role: { type: String, enum: ['agent', 'manager', 'admin', null], default: null },
    customer: { type: Schema.Types.ObjectId, default: null },
    orders: { type: [Schema.Types.ObjectId], default: [] },
    catalogues: { type: [Schema.Types.ObjectId], default: [] },
    proven: { type: Boolean, default: false },
    createdAt: { type: Date, required: true },
    lastSeenAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
session.index({ hash: 1 }, { unique: true })
session.index({ user: 1 }, { partialFilterExpression: { kind: 'staff' } })
session.index({ orders: 1 }, { partialFilterExpression: { kind: 'customer' } })
session.index({ expiresAt: 1 }, { expireAfterSeconds: 0 })
export const Sessions = model('Session', session)
