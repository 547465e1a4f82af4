import type { IncomingHttpHeaders } from 'node:http'
import mongoose from 'mongoose'
import { z } from 'zod'
import { type Payment, Payments } from '../../models/payment.ts'
import { handleEvents, storeEvents } from '../broker/index.ts'
import { AppError, type Route, route } from '../http/index.ts'
import { sawWebhook } from '../shop/index.ts'
import { findPaymentTogether } from './attempts.ts'
import { BadSignature, type Notice } from './gateway.ts'
import { gatewayOf, gatewaysInUse } from './gateways.ts'
import { readBack } from './settle.ts'

interface Hint {
  gateway: string
  attemptId?: string
  ref?: { kind: string; value: string }
  said: string
}

/**
 * A gateway calls. Its signature is checked on the raw bytes, what it says is stored once, and then it gets its 200:
 * the body is a hint, and only reading the payment back moves it.
 */
export const webhookRoute: Route = route({
  method: 'POST',
  path: '/webhooks/payments/:gateway',
  access: 'anyone',
  summary: 'Called by payment gateways',
  params: z.object({ gateway: z.string().max(40) }),
  raw: true,
  body: z.instanceof(Buffer),
  limit: 256 * 1024,
  handler: ({ params, headers, body }) => receive(params.gateway, headers, body),
})

/** The same for one gateway, at an address that its platform was told of otherwise. */
export const webhookAlias = (path: string, gateway: string): Route =>
  route({
    method: 'POST',
    path,
    access: 'anyone',
    summary: `Called by the payment gateway ${gateway}`,
    raw: true,
    body: z.instanceof(Buffer),
    limit: 256 * 1024,
    handler: ({ headers, body }) => receive(gateway, headers, body),
  })

async function receive(
  gateway: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<object | string> {
  const notice = read(gateway, headers, body)
  // Nobody waits for it.
  sawWebhook(gateway).catch(() => undefined)
  const answer = gatewayOf(gateway).acknowledgement ?? { ok: true }
  if (notice) await storeNotice(gateway, notice)
  return answer
}

/** No platform's names are longer: what is, was written by somebody who wants to fill our disk. */
const longestName = 200

/** Stores what a gateway has told, once for each event; it is followed from there. */
export async function storeNotice(gateway: string, notice: Notice): Promise<void> {
  const names = [notice.eventId, notice.attemptId ?? '', notice.ref?.value ?? '']
  if (names.some(({ length }) => length > longestName)) return
  const hint: Hint = {
    gateway,
    said: notice.said.slice(0, longestName),
    ...(notice.attemptId && { attemptId: notice.attemptId }),
    ...(notice.ref && { ref: notice.ref }),
  }
  const key = notice.ref?.value ?? notice.attemptId ?? notice.eventId
  await storeEvents(`payment:${gateway}`, [{ eventId: notice.eventId, key, payload: hint }])
}

function read(name: string, headers: IncomingHttpHeaders, body: Buffer): Notice | null {
  try {
    return gatewayOf(name).readWebhook(headers, body)
  } catch (error) {
    if (error instanceof BadSignature) {
      throw new AppError('webhook.signature', `The signature is not ${name}'s. Check the webhook secret.`, {
        status: 401,
        cause: error,
      })
    }
    if (error instanceof SyntaxError) {
      throw new AppError('webhook.body', 'The body is not what this gateway sends.', { cause: error })
    }
    throw error
  }
}

/** Handles the stored hints of every gateway in use. */
export function handleHints(): void {
  for (const [name] of gatewaysInUse()) handleEvents<Hint>(`payment:${name}`, follow)
}

async function follow(hint: Hint): Promise<void> {
  const payment = await findAttempt(hint)
  // It may be faster than the answer that tells us its name: tried again, for minutes, before anybody is troubled.
  if (!payment) throw new Error(`no attempt of ours is ${hint.ref?.value ?? hint.attemptId}`)
  await readBack(payment, `webhook ${hint.said}`)
}

async function findAttempt({ gateway, attemptId, ref }: Hint): Promise<Payment | null> {
  const own = attemptId && mongoose.isObjectIdOrHexString(attemptId) && (await findPaymentTogether(attemptId))
  if (own && own.gateway === gateway) return own
  if (!ref) return null
  const refs = { $elemMatch: { kind: ref.kind, value: ref.value } }
  return Payments.collection.findOne<Payment>({ gateway, refs })
}
