import { model, Schema, type Types } from 'mongoose'
import type { Address } from './order.ts'
import {
  type CustomerDomain,
  type CustomerStatus,
  customerDomains,
  customerStatuses,
  type Language,
} from './states.ts'

export interface Identity {
  channel: string
  /** The platform's own id of the person, scoped to our account there. */
  externalId: string
  /** False once they blocked or left us there. */
  reachable: boolean
}

export interface Customer {
  _id: Types.ObjectId
  number: number
  /** For contracts that name a customer by GUID. */
  guid: string
  /** `c-<number>`, stable: the username in the seeds' messages. */
  username: string
  domain: CustomerDomain
  status: CustomerStatus
  name: string
  picture: string | null
  email: string | null
  phone: string | null
  language: Language
  identities: Identity[]
  /** The first of the customers that are one person; null for itself, and for whoever is nobody else. */
  mergedInto?: Types.ObjectId | null
  /** Newest first. Filled in only for a person who has shown who they are. */
  addresses: Address[]
  notes: string
  labels: string[]
  createdAt: Date
  updatedAt: Date
}

const schema = new Schema<Customer>(
  {
    number: { type: Number, required: true },
    guid: { type: String, required: true },
    username: { type: String, required: true },
    domain: { type: String, enum: customerDomains, default: 'LEAD' },
    status: { type: String, enum: customerStatuses, default: 'FOLLOW' },
    name: { type: String, default: '' },
    picture: { type: String, default: null },
    email: { type: String, default: null },
    phone: { type: String, default: null },
    language: { type: String, required: true },
    identities: { type: [Schema.Types.Mixed], default: [] } as never,
    mergedInto: { type: Schema.Types.ObjectId, default: null },
    addresses: { type: [Schema.Types.Mixed], default: [] } as never,
    notes: { type: String, default: '' },
    labels: { type: [String], default: [] },
  },
  { strict: 'throw', timestamps: true, versionKey: false },
)
schema.index({ number: 1 }, { unique: true })
schema.index({ guid: 1 }, { unique: true })
schema.index(
  { 'identities.channel': 1, 'identities.externalId': 1 },
  { unique: true, partialFilterExpression: { 'identities.0': { $exists: true } } },
)
schema.index({ mergedInto: 1 }, { partialFilterExpression: { mergedInto: { $type: 'objectId' } } })
schema.index({ name: 1 })

export const Customers = model('Customer', schema)
