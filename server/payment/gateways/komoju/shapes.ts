import { z } from 'zod'
import { Unanswered } from '../../gateway.ts'

// Amounts have been seen as text; a float or anything else is not an amount.
const amount = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
])
const text = z.string().nullish()

const Refund = z.looseObject({ id: z.string(), amount, description: text, status: text })

const Details = z.looseObject({
  type: text,
  store: text,
  confirmation_code: text,
  receipt: text,
  instructions_url: text,
})

/** What we read of a payment. `total` is what the customer pays: the amount, its tax, and the method's own fee. */
export const Payment = z.looseObject({
  resource: z.literal('payment'),
  id: z.string(),
  status: z.string(),
  amount,
  total: amount,
  payment_method_fee: amount.nullish(),
  currency: z.string(),
  external_order_num: text,
  session: text,
  payment_deadline: text,
  payment_details: Details.nullish(),
  captured_at: text,
  created_at: text,
  amount_refunded: amount.nullish(),
  failure_code: text,
  // Seen beside a failed payment as an object with a code.
  error: z.union([z.string(), z.looseObject({ code: text })]).nullish(),
  refunds: z.array(Refund).nullish(),
})
export type Payment = z.output<typeof Payment>

/** What we read of a session. That it has expired is no status: a pending one says it aside. */
const Session = z.looseObject({
  resource: z.literal('session'),
  id: z.string(),
  status: z.string(),
  expired: z.boolean().nullish(),
  amount,
  currency: z.string(),
  session_url: z.string(),
  payment: Payment.nullish(),
  payment_data: z.looseObject({ external_order_num: text }).nullish(),
})
export type Session = z.output<typeof Session>

/** One page of a list. */
export const List = z.looseObject({
  resource: z.literal('list'),
  page: z.int(),
  last_page: z.int(),
  data: z.array(z.unknown()),
})

/** Reads a session; anything else leaves the outcome open. */
export function readSession(body: unknown): Session {
  const result = Session.safeParse(body)
  if (result.success) return result.data
  throw new Unanswered('KOMOJU answered with something that is not a session')
}

/** Reads a payment; anything else leaves the outcome open. */
export function readPayment(body: unknown): Payment {
  const result = Payment.safeParse(body)
  if (result.success) return result.data
  throw new Unanswered('KOMOJU answered with something that is not a payment')
}
