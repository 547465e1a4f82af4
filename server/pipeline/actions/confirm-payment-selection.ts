import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Customers } from '../../../models/customer.ts'
import type { Order } from '../../../models/order.ts'
import type { Payment } from '../../../models/payment.ts'
import { rememberAddress } from '../../customer/index.ts'
import { inMs, isDuplicate, now, transaction } from '../../database/index.ts'
import { AppError } from '../../http/index.ts'
import {
  announceOrder,
  changeOrder,
  expectState,
  expectVersion,
  findOrder,
  needsContact,
  needsDelivery,
} from '../../order/index.ts'
import {
  attemptView,
  openAttempt,
  paymentsOf,
  payNothing,
  savedCardOf,
  storeAttempt,
} from '../../payment/index.ts'
import { settings } from '../../settings.ts'
import { shopSettings } from '../../shop/index.ts'
import { type ActionContext, action, type Done } from '../action.ts'
import { ContextChanged } from '../conflict.ts'
import { takeAll } from '../holding.ts'
import { refresh } from '../refresh.ts'

const Data = {
  version: z.int().min(0),
  cardToken: z.string().max(200).optional(),
  /** Keep the card for the next time: for a person who has shown who they are. */
  rememberCard: z.boolean().optional(),
  /** Which of our pages the customer pays from, and comes back to: the checkout, where nothing is said. */
  returnTo: z.enum(['checkout', 'my-orders']).optional(),
}
type Context = ActionContext<z.output<z.ZodObject<typeof Data>>>

export const confirmPaymentSelection = action({
  name: 'CONFIRM_PAYMENT_SELECTION',
  summary: 'Pays. Takes an Idempotency-Key; answers the order and what the customer does next',
  data: Data,
  anyVersion: true,
  async run(context) {
    const repeated = await sameRequestBefore(context)
    if (repeated) return answer({ payment: repeated, order: null })
    expectState(context.order, ['DRAFT'], 'paying it')
    expectVersion(context.order, context.data.version)
    const { order, changes } = await refresh(context.order)
    if (changes.length) throw new ContextChanged('order.context', changes)
    await expectComplete(order)
    if (order.totals.total === 0) return nothingToPay(order)

    const savedCard = await chosenCard(order, context)
    const payment = await begin(order, context).catch((error: unknown) => {
      if (isDuplicate(error)) return null
      throw error
    })
    if (!payment) return lostTheRace(context)
    return answer(await openAttempt(payment, await detailsFor(order, payment, context, savedCard)))
  },
})

/** The kept card that was chosen, before anything is stored: it may be gone, or the person another. */
async function chosenCard({ customer, parts }: Order, { caller }: Context): Promise<string | null> {
  const tokenId = parts[0]?.tokenId
  return tokenId ? savedCardOf(customer, caller.proven ? tokenId : '') : null
}

/** The goods are held, the order waits, the attempt is stored: all before any gateway is asked. */
async function begin(order: Order, context: Context): Promise<Payment> {
  const { minutes } = await shopSettings()
  const part = order.parts[0] as Order['parts'][number]
  const held = order.holdsUntil !== null && order.holdsUntil > now()
  const until = held && order.holdsUntil ? order.holdsUntil : inMs(minutes.hold * 60_000)
  const { changed, payment } = await transaction(async (session) => {
    if (!held) await takeAll(session, order, until)
    const payment = await storeAttempt(session, order, {
      gateway: part.gateway,
      method: part.method,
      ...(part.method === 'promptpay' && { lifetime: minutes.qr * 60_000 }),
      heldUntil: until,
      requestKey: keyOf(context),
    })
    const later = (date: Date | null) => (date && date > payment.expiresAt ? date : payment.expiresAt)
    const set = {
      parts: [{ ...part, amount: order.totals.total }],
      holdsUntil: later(until),
      deadline: later(order.deadline),
    }
    const changed = await changeOrder(order, { to: 'AWAITING_PAYMENT', by: 'customer', set }, session)
    if (order.address) await rememberAddress(session, order.customer, order.address)
    return { changed, payment }
  })
  announceOrder(changed)
  return payment
}

async function nothingToPay(order: Order) {
  const { minutes } = await shopSettings()
  const changed = await transaction(async (session) => {
    if (!order.holdsUntil || order.holdsUntil <= now()) {
      await takeAll(session, order, inMs(minutes.hold * 60_000))
    }
    return payNothing(session, order)
  })
  announceOrder(changed)
  return { order: changed, next: { kind: 'paid' } as const }
}

async function answer({ payment, order: known }: { payment: Payment; order: Order | null }): Promise<Done> {
  const order = known ?? (await findOrder(payment.order))
  // Just made, and the first: there is no other.
  const attempts = known && payment.attemptNo === 1 ? [payment] : undefined
  if (payment.captured > 0 || payment.flags.held) return { order, attempts, next: { kind: 'paid' } }
  if (payment.state === 'FAILED') {
    throw new AppError(
      'payment.declined',
      'The payment was declined. Try again, or choose another way to pay.',
      {
        status: 402,
        reload: true,
        details: { failureCode: payment.failureCode },
      },
    )
  }
  return { order, attempts, next: attemptView([payment])?.next ?? { kind: 'checking' } }
}

async function expectComplete(order: Order): Promise<void> {
  const { logistics } = await shopSettings()
  const missing = (code: string, message: string) =>
    new AppError(code, message, { status: 409, reload: true })
  if (!order.lines.length) throw missing('order.empty', 'The order is empty. Ask the shop in the chat.')
  if (needsDelivery(order, logistics)) {
    const { address, delivery } = order
    if (!delivery) throw missing('order.no_delivery', 'Choose how the goods come to you.')
    if (!address) throw missing('order.no_address', 'Write where the goods go, and whom we may call.')
    if (!delivery.costConfirmed) throw missing('delivery.cost', 'Accept the cost of the delivery first.')
  }
  if (needsContact(order, logistics) && !order.contact) {
    throw missing('order.no_contact', 'Write your name and the e-mail that the tickets go to.')
  }
  if (order.totals.total > 0 && !order.parts[0]) throw missing('order.no_payment', 'Choose how you pay.')
}

/** The same request again, a second tap or a retry on a bad line, finds the attempt that it made. */
async function sameRequestBefore(context: Context): Promise<Payment | null> {
  const requestKey = keyOf(context)
  if (!requestKey) return null
  const known = (await paymentsOf(context.order._id)).find(
    (payment) => payment.requestKey?.key === requestKey.key,
  )
  if (known && known.requestKey?.hash !== requestKey.hash) {
    throw new AppError(
      'idempotency.mismatch',
      'This Idempotency-Key was used for another request. Use a new one.',
      {
        status: 422,
      },
    )
  }
  return known ?? null
}

/** Two requests at once: one attempt is open, and both see it if they are the same request. */
async function lostTheRace(context: Context): Promise<Done> {
  const same = await sameRequestBefore(context)
  if (same) return answer({ payment: same, order: null })
  throw new AppError('payment.open', 'A payment of this order is under way already. Look at it first.', {
    status: 409,
    reload: true,
  })
}

function keyOf({ headers, data, order }: Context): { key: string; hash: string } | null {
  const key = headers['idempotency-key']
  if (typeof key !== 'string' || !key) return null
  if (key.length > 200)
    throw new AppError('idempotency.key', 'The Idempotency-Key is longer than 200 characters.')
  const { cardToken = '', version } = data
  const hash = createHash('sha256').update(`${order._id} ${version} ${cardToken}`).digest('base64url')
  return { key, hash }
}

async function detailsFor(
  order: Order,
  payment: Payment,
  { data, ip, caller }: Context,
  savedCard: string | null,
) {
  const shop = await shopSettings()
  const contact = order.address ?? order.contact
  const customer = contact?.email
    ? null
    : await Customers.findById(order.customer, { name: 1, email: 1, phone: 1 }).lean()
  return {
    orderRegNo: order.regNo,
    description: `${shop.name} ${order.regNo}`,
    ...backTo(data.returnTo, payment.key),
    ...(data.cardToken && { cardToken: data.cardToken }),
    ...(savedCard && { savedCard }),
    ...(data.rememberCard && caller.proven && { rememberCard: true }),
    captureLater: shop.captureLater,
    customer: {
      name: contact?.name ?? customer?.name ?? '',
      email: contact?.email || customer?.email || '',
      phone: order.address?.phone ?? customer?.phone ?? '',
      language: order.language,
      ip,
    },
  }
}

/** Both addresses are unguessable, and hints: whoever comes back, the gateway is asked. */
function backTo(
  page: 'checkout' | 'my-orders' | undefined,
  key: string,
): { returnUrl: string; cancelUrl: string } {
  const { publicUrl } = settings()
  if (page !== 'my-orders') {
    return { returnUrl: `${publicUrl}/r/${key}`, cancelUrl: `${publicUrl}/r/${key}?left=1` }
  }
  return {
    returnUrl: `${publicUrl}/my/orders/return/${key}`,
    cancelUrl: `${publicUrl}/my/orders/cancel/${key}`,
  }
}
