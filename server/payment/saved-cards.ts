import { createHash } from 'node:crypto'
import mongoose, { type Types } from 'mongoose'
import type { Payment } from '../../models/payment.ts'
import { type PaymentToken, PaymentTokens } from '../../models/payment-token.ts'
import { idsOfPerson } from '../customer/index.ts'
import { now } from '../database/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { log } from '../log.ts'
import type { SavedCardView } from './contract.ts'
import type { SavedCard } from './gateway.ts'
import { gatewayOf, gatewaysInUse } from './gateways.ts'
import { seal, unseal } from './seal.ts'

/** The oldest make room. */
const MOST = 5

/** Keeps the card of an attempt for its customer. The same card again takes the place of the one that was kept. */
export async function keepCard(payment: Payment, saved: SavedCard): Promise<void> {
  const { customer, gateway, method } = payment
  const fingerprint = createHash('sha256').update(`${gateway} ${saved.fingerprint}`).digest('base64url')
  const { brand, lastDigits, expiry } = saved
  const before = await PaymentTokens.findOneAndUpdate(
    { customer, gateway, fingerprint },
    {
      $set: { method, brand, lastDigits, expiry, sealed: seal(saved.card), usedAt: now() },
      $setOnInsert: { createdAt: now() },
    },
    { upsert: true, returnDocument: 'before' },
  ).lean()
  if (before) await forgetAtGateway(before)
  const all = await PaymentTokens.find({ customer }).sort({ usedAt: -1 }).lean()
  for (const old of all.slice(MOST)) await forget(old)
}

/** The kept cards of a person, the one used last first; of the gateways that are in use. */
export async function savedCards(customer: Types.ObjectId): Promise<SavedCardView[]> {
  const inUse = gatewaysInUse().map(([name]) => name)
  const tokens = await PaymentTokens.find({
    customer: { $in: await idsOfPerson(customer) },
    gateway: { $in: inUse },
  })
    .sort({ usedAt: -1 })
    .lean()
  return tokens.map(({ _id, gateway, method, brand, lastDigits, expiry }) => ({
    id: String(_id),
    gateway,
    method,
    brand,
    lastDigits,
    expiry,
  }))
}

/** What the gateway knows a kept card by. An error when it is not this person's, or cannot be opened any more. */
export async function savedCardOf(customer: Types.ObjectId, tokenId: string): Promise<string> {
  const token = await findToken(customer, tokenId)
  const card = token && unseal(token.sealed)
  if (!card) {
    throw new AppError('card.gone', 'This card is not kept any more. Choose another, or enter it again.', {
      status: 409,
      reload: true,
    })
  }
  await PaymentTokens.updateOne({ _id: token._id }, { $set: { usedAt: now() } })
  return card
}

/** Forgets a kept card, at the gateway too. */
export async function forgetCard(customer: Types.ObjectId, tokenId: string): Promise<void> {
  const token = await findToken(customer, tokenId)
  if (!token) throw notFound('The card')
  await forget(token)
}

async function findToken(customer: Types.ObjectId, tokenId: string): Promise<PaymentToken | null> {
  if (!mongoose.isObjectIdOrHexString(tokenId)) return null
  return PaymentTokens.findOne({ _id: tokenId, customer: { $in: await idsOfPerson(customer) } }).lean()
}

async function forget(token: PaymentToken): Promise<void> {
  await PaymentTokens.deleteOne({ _id: token._id })
  await forgetAtGateway(token)
}

/** A gateway that does not answer keeps a card that nobody can name any more: no reason to keep ours. */
async function forgetAtGateway({ gateway, sealed }: PaymentToken): Promise<void> {
  const card = unseal(sealed)
  if (!card) return
  try {
    await gatewayOf(gateway).forget?.(card)
  } catch (error) {
    log.warn({ gateway, reason: error instanceof Error ? error.message : 'unknown' }, 'card not forgotten')
  }
}
