import { z } from 'zod'
import type { Next } from '../../contract.ts'
import { type Attempt, type OpenDetails, type Opened, Refused, Unanswered } from '../../gateway.ts'
import { qrImage } from '../../qr-image.ts'
import type { IpaymuClient } from './client.ts'
import type { Channel } from './methods.ts'
import { minorUnits, rupiahOf } from './money.ts'
import { isWhole } from './qris.ts'
import { readTime } from './times.ts'

const HOUR = 3600_000
/** The kind of ref that says: the customer has the code. */
export const TOLD = 'code'

const id = z.union([z.string().min(1), z.number()]).transform(String)
const Hosted = z.looseObject({ SessionID: id, Url: z.url({ protocol: /^https?$/ }) })
const Direct = z.looseObject({
  SessionId: id.nullish(),
  TransactionId: id,
  ReferenceId: id.nullish(),
  PaymentNo: z.union([z.string(), z.number()]).transform(String).nullish(),
  PaymentName: z.string().nullish(),
  SubTotal: z.union([z.string(), z.number()]).nullish(),
  Expired: z.string().nullish(),
  QrString: z.string().nullish(),
  Url: z.string().nullish(),
})

/** Begins on the platform's page. It has no transaction yet: that comes when the customer has chosen there. */
export async function openHosted(
  client: IpaymuClient,
  attempt: Attempt,
  details: OpenDetails,
  notifyUrl: string,
): Promise<Opened> {
  const { name, email, phone } = details.customer
  const data = await client.post('/payment', {
    product: [details.description],
    qty: [1],
    price: [rupiahOf(attempt.money)],
    description: [details.orderRegNo],
    returnUrl: details.returnUrl,
    notifyUrl,
    cancelUrl: details.cancelUrl ?? details.returnUrl,
    referenceId: attempt.id,
    ...(name && { buyerName: name }),
    ...(email && { buyerEmail: email }),
    ...(phone && { buyerPhone: digitsOf(phone) }),
    expired: Math.max(1, Math.round(timeLeft(attempt) / HOUR)),
    // The fee is ours: the customer pays what the order says.
    feeDirection: 'MERCHANT',
  })
  const session = Hosted.safeParse(data)
  if (!session.success) throw new Unanswered('iPaymu answered with something that is not a session')
  const { SessionID, Url } = session.data
  return { next: { kind: 'redirect', url: Url }, refs: [{ kind: 'session', value: SessionID }] }
}

/** Gets a code to pay with: a bank's virtual account, a store's code, or the text of a QR. */
export async function openDirect(
  client: IpaymuClient,
  attempt: Attempt,
  { channel, details, notifyUrl }: { channel: Channel; details: OpenDetails; notifyUrl: string },
): Promise<Opened> {
  const { name, email, phone } = details.customer
  if (!name || !email || !phone) {
    throw new Refused('contact_needed', 'iPaymu wants a name, an e-mail address and a phone number')
  }
  const left = Math.min(timeLeft(attempt), channel.longest)
  const data = await client.post('/payment/direct', {
    name,
    phone: digitsOf(phone),
    email,
    amount: rupiahOf(attempt.money),
    notifyUrl,
    referenceId: attempt.id,
    paymentMethod: channel.paymentMethod,
    paymentChannel: channel.paymentChannel,
    ...(!channel.fixed && { expired: Math.max(1, Math.round(left / HOUR)), expiredType: 'hours' }),
    comments: details.description,
    feeDirection: 'MERCHANT',
  })
  const body = Direct.safeParse(data)
  if (!body.success) throw new Unanswered('iPaymu answered with something that is no code to pay with')
  const { TransactionId, SessionId, Expired } = body.data
  const expiresAt = readTime(Expired) ?? attempt.expiresAt
  return {
    next: nextOf(body.data, channel, { attempt, expiresAt }),
    refs: [
      ...(SessionId ? [{ kind: 'session', value: SessionId }] : []),
      { kind: 'transaction', value: TransactionId },
      // That it was told, and not merely found in the history, which has no codes.
      { kind: TOLD, value: TransactionId },
    ],
    found: {
      state: 'PENDING',
      ...(body.data.SubTotal != null && subTotal(body.data.SubTotal)),
      captured: 0,
      refunded: 0,
      refunds: [],
      refs: [],
      expiresAt,
      said: 'a code was given',
    },
  }
}

function nextOf(
  { QrString, PaymentNo, PaymentName, Url }: z.output<typeof Direct>,
  channel: Channel,
  { attempt, expiresAt }: { attempt: Attempt; expiresAt: Date },
): Next {
  if (channel.paymentMethod === 'qris') {
    if (!QrString || !isWhole(QrString, attempt.money)) {
      throw new Unanswered('iPaymu answered with a QR that no bank could read')
    }
    // Drawn here: the platform's picture would lie at an address of its own, with the amount in it.
    return { kind: 'qr', image: qrImage(QrString), payload: QrString, expiresAt: expiresAt.toISOString() }
  }
  if (!PaymentNo) throw new Unanswered('iPaymu answered without a number to pay to')
  const store = PaymentName ? `${channel.title} (${PaymentName})` : channel.title
  return {
    kind: 'code',
    code: PaymentNo,
    store,
    ...(channel.paymentMethod === 'va' && { how: 'transfer' as const }),
    expiresAt: expiresAt.toISOString(),
    ...(Url?.startsWith('https://') && { instructionsUrl: Url }),
  }
}

function subTotal(rupiah: string | number): { money: { amount: number; currency: 'IDR' } } | object {
  const amount = minorUnits(rupiah)
  return amount === null ? {} : { money: { amount, currency: 'IDR' as const } }
}

const timeLeft = ({ expiresAt, now }: Attempt): number => Math.max(0, expiresAt.getTime() - now.getTime())

/** The platform wants a number as it is dialled in Indonesia, without blanks and signs. */
const digitsOf = (phone: string): string => phone.replace(/(?!^\+)\D/g, '')
