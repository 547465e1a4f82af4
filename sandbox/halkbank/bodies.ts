import type { Faults } from '../faults.ts'
import { bank } from './knobs.ts'
import { type OrderRecord, refundedOf } from './order.ts'

export type Json = Record<string, unknown>

const actions: Record<number, string> = {
  0: 'Request processed successfully',
  116: 'Decline. Not enough money',
  [-100]: 'No payment attempts',
  [-2007]: 'Payment session is over',
}

/** The order as getOrderStatus.do shows it: capital letters, and no word on refunds. */
export function orderStatus(order: OrderRecord, faults: Faults): Json {
  const { status, amount, currency, deposited } = shown(order, faults)
  return {
    expiration: '203012',
    cardholderName: order.paidAt ? 'TEST CARD' : '',
    depositAmount: deposited,
    currency,
    authCode: 2,
    OrderStatus: status,
    OrderNumber: order.number,
    Pan: order.paidAt ? '993412**0001' : '',
    Amount: amount,
    Ip: '10.0.0.1',
  }
}

/** The order as getOrderStatusExtended.do shows it. */
export function extendedStatus(order: OrderRecord, faults: Faults): Json {
  const { status, amount, currency, deposited } = shown(order, faults)
  return {
    orderNumber: order.number,
    orderStatus: status,
    actionCode: order.actionCode,
    actionCodeDescription: actions[order.actionCode] ?? '',
    amount,
    currency,
    date: order.createdAt,
    orderDescription: order.description,
    ip: '10.0.0.1',
    merchantOrderParams: [],
    attributes: [{ name: 'mdOrder', value: order.id }],
    cardAuthInfo: order.paidAt
      ? { pan: '993412**0001', expiration: '203012', cardholderName: 'TEST CARD' }
      : {},
    ...(order.paidAt
      ? { authDateTime: order.paidAt, terminalId: '00000001', authRefNum: '000000000001' }
      : {}),
    paymentAmountInfo: {
      paymentState: paymentState(order),
      approvedAmount: order.paidAt ? amount : 0,
      depositedAmount: deposited,
      refundedAmount: refundedOf(order),
    },
    bankInfo: {},
  }
}

/** Writes an answer as the knobs want it written. The success of a call goes in first. */
export function written(body: Json, faults: Faults, keys: { code: string; message: string }): string {
  const code = body['errorCode'] ?? '0'
  const asNumbers = faults.get<boolean>(bank, 'codesAsNumbers')
  const { errorCode: _, errorMessage, ...rest } = body
  const full: Json = {
    [keys.code]: asNumbers ? Number(code) : String(code),
    [keys.message]: errorMessage ?? 'Success',
    ...(faults.get<boolean>(bank, 'amountsAsText') ? (asText(rest) as Json) : rest),
  }
  return JSON.stringify(faults.get<boolean>(bank, 'keysInOtherCase') ? inOtherCase(full) : full)
}

function shown(order: OrderRecord, faults: Faults) {
  const status = faults.get<string>(bank, 'statusShown')
  const atBank = order.status === 0 && faults.get<boolean>(bank, 'cardholderAtBank')
  const refunded = faults.get<boolean>(bank, 'refundsKeepDeposit') ? 0 : refundedOf(order)
  const off = faults.get<number>(bank, 'amountOffBy')
  const deposited = order.deposited - refunded
  return {
    status: status ? Number(status) : atBank ? 5 : order.status,
    amount: order.amount + off,
    currency: faults.get<string>(bank, 'currencyShown') || order.currency,
    deposited: deposited && deposited + off - faults.get<number>(bank, 'capturedShortBy'),
  }
}

const paymentState = ({ status }: OrderRecord): string =>
  ({ 0: 'CREATED', 1: 'APPROVED', 2: 'DEPOSITED', 3: 'REVERSED', 4: 'REFUNDED', 6: 'DECLINED' })[status]

function asText(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.map(asText)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner)]))
}

function inOtherCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOtherCase)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const first = key.charAt(0)
      const other = first === first.toUpperCase() ? first.toLowerCase() : first.toUpperCase()
      return [other + key.slice(1), inOtherCase(inner)]
    }),
  )
}
