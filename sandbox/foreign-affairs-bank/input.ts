import { z } from 'zod'
import type { NewOrder } from './order.ts'

/** A body that the bank refuses. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

// Keys are taken in either case, so they are compared in lower case throughout.
const text = z.string().max(200)
const address = z.url({ protocol: /^https?$/ })
const line = z.object({ line1: text.max(50).nullish() }).nullish()
const Amount = z.number().min(1).max(9_999_999.99)

const Order = z.object({
  requestid: text.min(1).max(36),
  environment: z.object({
    merchant: z.object({ id: text.min(1) }),
    poi: z.object({ id: text.min(1), language: text }),
    // Without the browser the customer would not be sent back.
    customerdevice: z.object({
      browser: z.object({
        acceptheader: text.min(1),
        ipaddress: text,
        javaenabled: z.boolean(),
        language: text.min(1),
        screencolordepth: z.int(),
        screenheight: z.int(),
        screenwidth: z.int(),
        timezone: z.int(),
        useragentstring: text.min(1),
      }),
    }),
    billingaddress: line,
    shippingaddress: line,
    transport: z.object({
      merchantfinalresponseurl: address,
      challengeresponseurl: address,
      challengewindowsize: z.int(),
    }),
  }),
  transaction: z.object({
    invoicenumber: text.min(1),
    type: z.literal('CRDP'),
    transactiontext: text.nullish(),
    totalamount: Amount,
    currency: z.literal('934'),
    merchantorderid: text.min(1).max(36),
    autocomplete: z.literal(true),
  }),
})

const Refund = z.object({
  requestid: text.min(1).max(36),
  transaction: z.object({
    type: z.literal('RFND'),
    totalamount: Amount.min(0.01),
    currency: z.literal('934'),
    merchantorderid: text.min(1),
  }),
})

interface Merchant {
  merchant: string
  terminal: string
}

/** A new order; refuses one for another merchant's account. */
export function readOrder(body: unknown, { merchant, terminal }: Merchant): NewOrder {
  const { requestid, environment, transaction } = read(Order, body)
  if (environment.merchant.id !== merchant || environment.poi.id !== terminal) {
    throw new Refusal(403, 'The merchant or the terminal is not yours')
  }
  return {
    requestId: requestid,
    merchantOrderId: transaction.merchantorderid,
    invoiceNumber: transaction.invoicenumber,
    amount: hundredths(transaction.totalamount),
    currency: transaction.currency,
    text: transaction.transactiontext ?? '',
    finalUrl: environment.transport.merchantfinalresponseurl,
  }
}

export function readRefund(body: unknown): { requestId: string; amount: number; merchantOrderId: string } {
  const { requestid, transaction } = read(Refund, body)
  return {
    requestId: requestid,
    amount: hundredths(transaction.totalamount),
    merchantOrderId: transaction.merchantorderid,
  }
}

function read<Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> {
  const result = shape.safeParse(lower(body))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new Refusal(400, `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'not right'}`)
}

function hundredths(amount: number): number {
  const [whole = '', fraction = ''] = String(amount).split('.')
  if (fraction.length > 2) throw new Refusal(400, 'transaction.totalamount: more than two decimals')
  return Number(whole + fraction.padEnd(2, '0'))
}

function lower(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lower)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lower(inner)]))
}
