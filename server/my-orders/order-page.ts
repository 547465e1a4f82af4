import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Currency } from '../../models/money.ts'
import type { Order } from '../../models/order.ts'
import { postalLines } from '../../models/postal-lines.ts'
import type { Language } from '../../models/states.ts'
import { type AppError, type Route, route } from '../http/index.ts'
import { formatDate, formatDateTime, formatMoney, translate, wordOr } from '../language/index.ts'
import { findOrder, pageOpened } from '../order/index.ts'
import { paymentsOf } from '../payment/index.ts'
import type { OrderView } from '../pipeline/contract.ts'
import { viewOrder } from '../pipeline/index.ts'
import { shopSettings } from '../shop/index.ts'
import { waysToPay, waysToSend } from './choices.ts'
import { addressForm, type CustomerCall, type Fields } from './form.ts'
import { languageFor, sendPage } from './look.ts'
import { noticeOf, type Said, stateNotice, wrongFields } from './notices.ts'
import { statusOf } from './status.ts'

export const orderRoute: Route = route({
  method: 'GET',
  path: '/my/orders/:orderId',
  access: 'customer',
  summary: 'An order of a customer: goods, shipping, payment',
  hidden: true,
  params: z.object({ orderId: z.string() }),
  query: z.looseObject({ left: z.string().max(10).optional() }),
  async handler(call) {
    const order = await findOrder(call.params.orderId)
    await pageOpened(order)
    await showOrder(call, order, { left: call.query.left !== undefined })
  },
})

interface Trouble {
  error?: AppError
  /** What was typed, so that it is still there. */
  fields?: Fields
  notice?: Said
  /** The customer comes from the gateway's page, where they gave up. */
  left?: boolean
  status?: number
}

/** Shows an order as it is now, with what went wrong before all else. */
export async function showOrder(call: CustomerCall, order: Order, trouble: Trouble = {}): Promise<void> {
  const { error, fields = new Map(), notice, left = false } = trouble
  const language = await languageFor(call, order.language)
  const { zone, country } = await shopSettings()
  const [view, payments] = await Promise.all([viewOrder(order, call.caller), paymentsOf(order._id)])
  const captured = payments.reduce((sum, payment) => sum + payment.captured, 0)
  const status = statusOf({ ...order, captured, attempt: payments.at(-1)?.state ?? null })
  const money = (amount: number) => formatMoney(amount, order.currency as Currency, language)
  const wrong = error ? wrongFields(error) : []
  const first = notice ?? (error && noticeOf(error, language))
  const pays = view.state === 'DRAFT'
  await sendPage(call, {
    template: 'order',
    language,
    status: trouble.status ?? error?.status ?? 200,
    sheet: {
      title: translate(language, 'checkout.orderNumber', { number: order.regNo }),
      regNo: order.regNo,
      id: view.id,
      version: view.version,
      orderedAt: formatDateTime(order.createdAt, language, zone),
      status: translate(language, `myOrders.status.${status.order}`),
      paymentStatus: translate(language, `myOrders.payment.${status.payment}`),
      notices: [first, stateNotice(view, { language, left })].filter((one) => one != null),
      lines: view.lines.map((line) => ({ ...line, price: money(line.unitPrice), sum: money(line.total) })),
      address: view.address && addressLines(view.address),
      addressForm: pays && view.needsDelivery && !view.address ? addressForm(fields, wrong, country) : null,
      sending: pays && view.needsDelivery ? waysToSend(view, { fields, money, language }) : null,
      sent: view.delivery && sentText(view, language),
      tracking: view.tracking,
      totals: totalsOf(view, { money, language }),
      paidAt: view.paidAt && formatDateTime(new Date(view.paidAt), language, zone),
      methods: pays && view.totals.total > 0 ? waysToPay(view, { fields, language }) : null,
      free: pays && view.totals.total === 0,
      pays,
      expired: view.state === 'EXPIRED',
      waits: view.state === 'AWAITING_PAYMENT' && waiting(view, { language, zone, money }),
      key: randomUUID(),
      ...(isMoving(view) && { follow: { url: `/api/pipeline/${view.id}`, seen: gist(view) } }),
    },
  })
}

/** What the page's script compares: the same in both languages that it is written in. */
const gist = ({ version, state, attempt }: OrderView): string =>
  [version, state, attempt?.state ?? '', attempt?.next?.kind ?? ''].join(' ')

/** The next news comes by itself. */
const isMoving = ({ state }: OrderView): boolean =>
  ['AWAITING_PAYMENT', 'PAID', 'CONFIRMING', 'COMPENSATING'].includes(state)

const addressLines = (address: NonNullable<OrderView['address']>): string[] =>
  [address.name, ...postalLines(address), address.phone, address.email].filter((line): line is string =>
    Boolean(line),
  )

function sentText({ delivery }: OrderView, language: Language): string {
  if (!delivery) return ''
  const by =
    delivery.type === 'pickup'
      ? translate(language, 'checkout.delivery.pickup', { name: delivery.pointName ?? '' })
      : (delivery.companyName ?? '')
  const day = delivery.estimatedDate
    ? formatDate(new Date(`${delivery.estimatedDate}T12:00:00Z`), language, 'UTC')
    : ''
  return [by, day && translate(language, 'checkout.delivery.arrives', { day })].filter(Boolean).join(' · ')
}

function totalsOf(
  { totals, vatPercent, refunded, needsDelivery, delivery }: OrderView,
  { money, language }: { money(amount: number): string; language: Language },
) {
  const row = (key: string, value: string) => ({
    label: translate(language, `checkout.totals.${key}`, { percent: vatPercent }),
    value,
    sum: false,
  })
  const total = row('total', money(totals.total))
  const chooses = needsDelivery && !delivery
  return [
    row('items', money(totals.items)),
    ...(totals.discount ? [row('discount', money(-totals.discount))] : []),
    ...(chooses ? [row('delivery', translate(language, 'myOrders.asChosen'))] : []),
    ...(delivery
      ? [row('delivery', totals.delivery ? money(totals.delivery) : translate(language, 'checkout.free'))]
      : []),
    { ...total, sum: true, ...(chooses && { label: translate(language, 'myOrders.withoutDelivery') }) },
    ...(vatPercent ? [row('vat', money(totals.vat))] : []),
    ...(refunded ? [row('refunded', money(-refunded))] : []),
  ]
}

/** What a customer does who has begun to pay. */
function waiting(
  { attempt, payment, totals }: OrderView,
  { language, zone, money }: { language: Language; zone: string; money(amount: number): string },
) {
  const next = attempt?.next
  const until = (at: string) =>
    translate(language, 'checkout.code.until', {
      moment: formatDateTime(new Date(at), language, zone),
      zone: wordOr(language, `checkout.zone.${zone}`, zone),
    })
  switch (next?.kind) {
    case 'redirect':
    case 'popup':
      return { page: next.url }
    case 'code':
      return {
        code: next.code,
        store: next.store,
        until: until(next.expiresAt),
        more: next.instructionsUrl,
        fee: next.fee
          ? `${money(totals.total + next.fee)}, ${translate(language, 'checkout.due.fee', { fee: money(next.fee) })}`
          : '',
      }
    case 'qr':
      return {
        // A picture of the gateway's own lies behind our address; one that we drew is in the answer.
        qr: next.image.startsWith('data:') ? next.image : null,
        // A QR that is a link opens the app of the bank on this phone.
        page: /^https?:\/\//.test(next.payload ?? '') ? next.payload : '',
        alt: translate(language, 'checkout.qr.alt', {
          amount: money(totals.total),
          brand: wordOr(language, `checkout.qr.brand.${payment?.method}`, 'QR'),
        }),
        until: until(next.expiresAt),
      }
    default:
      return { checking: true }
  }
}
