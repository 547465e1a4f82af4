import { z } from 'zod'
import { badRequest } from './errors.ts'

const isWebAddress = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text)
const text = z.string().max(2000)
export const metadata = z
  .record(z.string().max(30), z.string().max(2000))
  .refine((value) => Object.keys(value).length <= 20, 'has too many keys')
const address = z.looseObject({}).optional()

export const NewSession = z.strictObject({
  amount: z.int().min(0),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code'),
  mode: z.enum(['payment', 'customer', 'customer_payment']).default('payment'),
  return_url: text.refine(isWebAddress, 'must be an http address'),
  email: z.email().optional(),
  expires_in_seconds: z.int().min(1).max(86_400).default(86_400),
  default_locale: z.enum(['ja', 'en', 'ko', 'zh', 'th', 'id']).default('ja'),
  payment_types: z
    .array(z.enum(['credit_card', 'konbini']))
    .min(1)
    .optional(),
  line_items: z.array(z.looseObject({})).optional(),
  metadata: metadata.default({}),
  external_customer_id: text.optional(),
  payment_data: z.strictObject({
    external_order_num: z.string().min(1).max(255),
    capture: z.enum(['auto', 'manual']).default('auto'),
    description: text.optional(),
    name: text.optional(),
    name_kana: text.optional(),
    shipping_address: address,
    billing_address: address,
  }),
})
export type NewSession = z.output<typeof NewSession>

export const NewRefund = z.strictObject({ amount: z.int().optional(), description: text.nullish() })
export const Patch = z.strictObject({ description: text.optional(), metadata: metadata.optional() })
export const Nothing = z.strictObject({})

const whole = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
const Page = {
  page: whole.refine((value) => value >= 1, 'begins at 1').default(1),
  per_page: whole.refine((value) => value >= 1 && value <= 100, 'is from 1 to 100').default(10),
}
const instant = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time' }).optional()
export const PaymentQuery = z.strictObject({
  ...Page,
  external_order_num: text.optional(),
  status: text.optional(),
  currency: text.optional(),
  start_time: instant,
  end_time: instant,
})
export const EventQuery = z.strictObject({
  ...Page,
  type: text.optional(),
  start_time: instant,
  end_time: instant,
})

/** Checks a body or query against its shape; what is unknown or of another type is refused, by name. */
export function read<Shape extends z.ZodType>(shape: Shape, input: unknown): z.output<Shape> {
  const result = shape.safeParse(input ?? {})
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    throw badRequest(`Unknown parameter: ${issue.keys.join(', ')}.`, issue.keys[0] ?? null)
  }
  const param = issue?.path.join('.') || null
  throw badRequest(`The parameter ${param ?? 'body'} is not valid: ${issue?.message.toLowerCase()}.`, param)
}
