import type { IncomingHttpHeaders } from 'node:http'
import mongoose from 'mongoose'
import { type ApiToken, ApiTokens } from '../../models/api-token.ts'
import { now } from '../database/index.ts'
import { AppError, notFound, type StaffCaller } from '../http/index.ts'
import { audit } from '../shop/index.ts'
import type { IntegrationView, IssuedToken } from './contract.ts'
import { hashToken, newToken } from './token.ts'

/** Whoever calls with the token of an integration. */
export interface Integration {
  id: mongoose.Types.ObjectId
  name: string
}

const mostTokens = 100
/** How exactly the last use is known. */
const noteEveryMs = 60_000

/** Every token, those that still open something first, the newest of them on top. */
export async function listIntegrations(): Promise<IntegrationView[]> {
  const tokens = await ApiTokens.find().sort({ revokedAt: 1, issuedAt: -1 }).limit(mostTokens).lean()
  return tokens.map(viewOf)
}

/** Issues a token. Its text is in this answer and nowhere else. */
export async function issueToken(by: StaffCaller, integration: string): Promise<IssuedToken> {
  if ((await ApiTokens.countDocuments({ revokedAt: null })) >= mostTokens) {
    throw new AppError(
      'integration.many',
      `There are ${mostTokens} tokens already. Revoke one that nobody uses.`,
      {
        status: 409,
      },
    )
  }
  const token = newToken()
  const stored: ApiToken = {
    _id: new mongoose.Types.ObjectId(),
    hash: hashToken(token),
    hint: token.slice(-4),
    integration,
    scopes: ['invoices'],
    issuedBy: by.staffId,
    issuedByName: by.name,
    issuedAt: now(),
    lastUsedAt: null,
    revokedAt: null,
  }
  await ApiTokens.create(stored)
  await record(by, 'integration.issued', stored)
  return { ...viewOf(stored), token }
}

/** Ends a token at once, for good. Revoking it again changes nothing. */
export async function revokeToken(by: StaffCaller, id: string): Promise<IntegrationView> {
  const before = await ApiTokens.findOneAndUpdate(
    { _id: id, revokedAt: null },
    { $set: { revokedAt: now() } },
  ).lean()
  if (before) await record(by, 'integration.revoked', before)
  const token = await ApiTokens.findById(id).lean()
  if (!token) throw notFound('The token')
  return viewOf(token)
}

/**
 * The integration whose token a call carries, as `Authorization: Bearer` or `x-access-token`; null for a token that is
 * unknown, revoked or not for this.
 */
export async function findIntegration(
  headers: IncomingHttpHeaders,
  scope: string,
): Promise<Integration | null> {
  const [, bearer] = /^Bearer +([\w-]{43})$/i.exec(headers.authorization ?? '') ?? []
  const own = headers['x-access-token']
  const token = bearer ?? (typeof own === 'string' && /^[\w-]{43}$/.test(own) ? own : null)
  if (!token) return null
  const found = await ApiTokens.findOne({ hash: hashToken(token), revokedAt: null, scopes: scope }).lean()
  if (!found) return null
  const noted = found.lastUsedAt && now().getTime() - found.lastUsedAt.getTime() < noteEveryMs
  if (!noted) await ApiTokens.updateOne({ _id: found._id }, { $set: { lastUsedAt: now() } })
  return { id: found._id, name: found.integration }
}

const record = (by: StaffCaller, action: string, { _id, integration, hint }: ApiToken): Promise<void> =>
  audit({ by: by.staffId, byName: by.name, action, subject: String(_id), details: { integration, hint } })

const viewOf = (token: ApiToken): IntegrationView => ({
  id: String(token._id),
  name: token.integration,
  hint: token.hint,
  issuedBy: token.issuedByName,
  issuedAt: token.issuedAt.toISOString(),
  lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
  revokedAt: token.revokedAt?.toISOString() ?? null,
})
