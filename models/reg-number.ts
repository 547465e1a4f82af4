import { model, Schema, type Types } from 'mongoose'

/** A registration number that was given out to an integration, and the order that it was used for. */
export interface RegNumber {
  _id: Types.ObjectId
  regNo: string
  /** One of `regNumberTypes` in the invoice service. */
  type: string
  /** The token that asked for it. */
  integration: Types.ObjectId
  order: Types.ObjectId | null
  createdAt: Date
}
const number = new Schema<RegNumber>(
  {
    regNo: { type: String, required: true },
    type: { type: String, required: true },
    integration: { type: Schema.Types.ObjectId, required: true },
    order: { type: Schema.Types.ObjectId, default: null },
    createdAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
)
number.index({ regNo: 1 }, { unique: true })
export const RegNumbers = model('RegNumber', number)
