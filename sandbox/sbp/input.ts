import { z } from 'zod'
import { invalid } from './errors.ts'

const text = z.string().min(1)

/** "100.00": text with two digits behind the point. Read as kopecks. */
const Amount = z.strictObject({
  value: z
    .string()
    .regex(/^\d{1,10}\.\d{2}$/, 'must be a decimal with two digits')
    .transform((value) => Number(value.replace('.', ''))),
  currency: z.string().regex(/^[A-Z]{3}$/),
})

const NewPayment = z.strictObject({
  amount: Amount,
  capture: z.literal(true, { error: 'must be true: SBP takes payments in one stage' }),
  payment_method_data: z.strictObject({ type: z.literal('sbp') }),
  confirmation: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('qr'), return_url: z.url().max(2048).optional() }),
    z.strictObject({ type: z.literal('redirect'), return_url: z.url().max(2048) }),
  ]),
  description: text.max(128).optional(),
  metadata: z
    .record(text.max(32), z.string().max(512))
    .refine((pairs) => Object.keys(pairs).length <= 16, 'holds 16 pairs at most')
    .optional(),
})
export type NewPayment = z.output<typeof NewPayment>

const NewRefund = z.strictObject({
  payment_id: text,
  amount: Amount,
  description: text.max(250).optional(),
})
export type NewRefund = z.output<typeof NewRefund>

const limit = z.coerce.number().int().min(1).max(100).default(10)
const Payments = z.strictObject({
  'created_at.gte': z.iso.datetime({ offset: true }).optional(),
  'created_at.lt': z.iso.datetime({ offset: true }).optional(),
  status: z.enum(['pending', 'waiting_for_capture', 'succeeded', 'canceled']).optional(),
  limit,
  cursor: text.optional(),
})
const Refunds = z.strictObject({ payment_id: text.optional(), limit, cursor: text.optional() })

export const shapes = { NewPayment, NewRefund, Payments, Refunds }

/** Checks a body or query against its shape; what is unknown or of another type is refused, by name. */
export function read<Shape extends z.ZodType>(shape: Shape, input: unknown): z.output<Shape> {
  const result = shape.safeParse(input ?? {})
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue?.code === 'unrecognized_keys') throw invalid('Unknown parameter', issue.keys.join(', '))
  throw invalid(issue?.message ?? 'Incorrect body', issue?.path.join('.'))
}
