import { model, Schema, type Types } from 'mongoose'

/** The key of one integration. Only its hash is kept: it was shown once, when it was issued. */
export interface ApiToken {
  _id: Types.ObjectId
  hash: string
  /** Its last letters, for people to tell one from another. */
  hint: string
  /** What uses it, in the words of whoever issued it. */
  integration: string
  scopes: string[]
  /** Staff id. */
  issuedBy: string
  issuedByName: string
  issuedAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}
const token = new Schema<ApiToken>(
  {
    hash: { type: String, required: true },
    hint: { type: String, required: true },
    integration: { type: String, required: true },
    scopes: { type: [String], required: true },
    issuedBy: { type: String, required: true },
    issuedByName: { type: String, default: '' },
    issuedAt: { type: Date, required: true },
    lastUsedAt: { type: Date, default: null },
    revokedAt: { type: Date, default: null },
  },
  { strict: 'throw', versionKey: false },
)
token.index({ hash: 1 }, { unique: true })
export const ApiTokens = model('ApiToken', token)
