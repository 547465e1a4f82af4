import { model, Schema, type Types } from 'mongoose'

export const confirmators = ['PAYMENT', 'STORE', 'DELIVERY'] as const
export type Confirmator = (typeof confirmators)[number]

/** The services that the seeds name, and our own last step: held money is taken. */
export type StepName = Confirmator | 'CAPTURE'

export interface SagaStep {
  name: StepName
  action: 'CONFIRM' | 'REVERSE'
  /** WAITING: not asked yet; ASKED: the message is out; the rest is the answer. */
  state: 'WAITING' | 'ASKED' | 'SUCCESS' | 'FAIL' | 'SKIPPED'
  tries: number
  lastError: string | null
}

/** An order's way from paid to confirmed, or back. One for each order; every step is a row that survives us. */
export interface Saga {
  _id: Types.ObjectId
  order: Types.ObjectId
  state: 'CONFIRMING' | 'CONFIRMED' | 'COMPENSATING' | 'CANCELED' | 'MANUAL_REVIEW'
  steps: SagaStep[]
  reason: string
  deadline: Date
  /** When somebody must look at it again, whatever happened. */
  wakeAt: Date | null
  version: number
  createdAt: Date
  updatedAt: Date
}
const schema = new Schema<Saga>(
  {
    order: { type: Schema.Types.ObjectId, required: true },
    state: {
      type: String,
      enum: ['CONFIRMING', 'CONFIRMED', 'COMPENSATING', 'CANCELED', 'MANUAL_REVIEW'],
      required: true,
    },
    steps: { type: [Schema.Types.Mixed], default: [] } as never,
    reason: { type: String, default: '' },
    deadline: { type: Date, required: true },
    wakeAt: { type: Date, default: null },
    version: { type: Number, default: 0 },
  },
  { strict: 'throw', timestamps: true, versionKey: false },
)
schema.index({ order: 1 }, { unique: true })
schema.index({ wakeAt: 1 }, { partialFilterExpression: { wakeAt: { $type: 'date' } } })
export const Sagas = model('Saga', schema)

/** What a service has answered to the orchestra, so that a repeated or overtaken request is recognised. */
export interface Confirmation {
  _id: Types.ObjectId
  order: Types.ObjectId
  confirmator: Confirmator
  confirmed: 'SUCCESS' | 'FAIL' | null
  /** A REVERSE that overtook its CONFIRM leaves this behind, and the CONFIRM is refused. */
  reversed: boolean
  updatedAt: Date
}
const confirmation = new Schema<Confirmation>(
  {
    order: { type: Schema.Types.ObjectId, required: true },
    confirmator: { type: String, enum: confirmators, required: true },
    confirmed: { type: String, enum: ['SUCCESS', 'FAIL', null], default: null },
    reversed: { type: Boolean, default: false },
  },
  { strict: 'throw', timestamps: { createdAt: false, updatedAt: true }, versionKey: false },
)
confirmation.index({ order: 1, confirmator: 1 }, { unique: true })
export const Confirmations = model('Confirmation', confirmation)
