import type { Faults } from '../faults.ts'
import { bank } from './knobs.ts'
import { descriptions, type OrderRecord, refundedOf } from './order.ts'

type Json = Record<string, unknown>

/** An order as the interface shows it, with links to itself and, while it waits, to the checkout. */
export function orderBody(
  order: OrderRecord,
  links: { self: string; checkout: string },
  faults: Faults,
): Json {
  const result = faults.get<string>(bank, 'statusShown') || order.result
  const total = order.amount + faults.get<number>(bank, 'amountOffBy')
  const refunds = faults.get<boolean>(bank, 'refundsUntold')
    ? {}
    : { refundedAmount: written(refundedOf(order), faults) }
  return {
    requestId: order.requestId,
    environment: { transport: { challengeWindowSize: 3, methodCompletion: false, consent: false } },
    transaction: {
      invoiceNumber: order.invoiceNumber,
      type: 'CRDP',
      transactionText: order.text,
      totalAmount: written(total, faults),
      currency: faults.get<string>(bank, 'currencyShown') || order.currency,
      merchantOrderId: order.merchantOrderId,
      autoComplete: true,
      airlineItems: [],
      ...refunds,
    },
    response: { orderId: order.id, threeDSecureTransId: order.id, ...resultOf(result) },
    _links: {
      self: { href: links.self },
      ...(order.result === 'OPG-00100' ? { redirectToCheckout: { href: links.checkout } } : {}),
    },
  }
}

export const resultOf = (operationResult: string) => ({
  operationResult,
  operationResultDescription: descriptions[operationResult] ?? '',
})

/** The text of a body, in the case of keys that the knobs want. */
export const textOf = (body: Json, faults: Faults): string =>
  JSON.stringify(faults.get<boolean>(bank, 'olderKeyCase') ? capital(body) : body)

/** Hundredths as a decimal number, or as text. */
function written(amount: number, faults: Faults): number | string {
  const text = `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
  return faults.get<boolean>(bank, 'amountsAsText') ? text : Number(text)
}

function capital(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capital)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), capital(inner)]),
  )
}
