import { z } from 'zod'
import { bad, Refusal } from './errors.ts'

const text = z.string().max(500)
const optional = text.optional()
const whole = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number),
])
const day = z.iso.date()
const address = (what: string) =>
  z.string().refine((value) => isAddress(value), { error: `Format isian ${what} url tidak valid.` })
const direction = z.enum(['BUYER', 'MERCHANT']).default('MERCHANT')

/** The platform looks at a body more tolerantly; here what it does not document is refused. */
export const NewSession = z.strictObject({
  product: z.array(text.min(1)).min(1).max(50),
  qty: z.array(whole).min(1),
  price: z.array(whole).min(1),
  description: z.array(text).optional(),
  imageUrl: z.array(text).optional(),
  returnUrl: address('return'),
  notifyUrl: address('notify'),
  cancelUrl: address('cancel'),
  referenceId: optional,
  buyerName: optional,
  buyerEmail: z.email({ error: 'Format isian buyer email tidak valid.' }).optional(),
  buyerPhone: optional,
  expired: whole.optional(),
  feeDirection: direction,
  paymentMethod: optional,
  account: optional,
})

export const NewDirect = z.strictObject({
  name: optional,
  phone: optional,
  email: optional,
  amount: whole,
  notifyUrl: address('notify'),
  referenceId: text.min(1),
  paymentMethod: z.enum(['va', 'cstore', 'cod', 'qris', 'cc', 'paylater', 'ewallet']),
  paymentChannel: text.min(1),
  expired: whole.optional(),
  expiredType: z.enum(['seconds', 'minutes', 'hours', 'days']).default('hours'),
  comments: optional,
  feeDirection: direction,
  escrow: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
  account: optional,
  successUrl: address('success').optional(),
  cancelUrl: address('cancel').optional(),
})

export const OneTransaction = z.strictObject({ transactionId: whole, account: optional })
export const Account = z.strictObject({ account: text.min(1) })

export const History = z.strictObject({
  status: z.union([z.string(), z.number()]).transform(Number).optional(),
  date: z.enum(['created_at', 'indate']).default('created_at'),
  startdate: day.optional(),
  enddate: day.optional(),
  page: whole.refine((value) => value >= 1).default(1),
  limit: whole.refine((value) => value >= 1 && value <= 20, 'limit maksimal 20').default(20),
  orderBy: z.enum(['id', 'created_at', 'indate']).default('id'),
  order: z.enum(['ASC', 'DESC']).default('DESC'),
  lang: z.enum(['en', 'id']).optional(),
  account: optional,
})

/** Checks a body against its shape, and refuses in the platform's manner. */
export function read<Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> {
  const result = shape.safeParse(body)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue?.code === 'unrecognized_keys') throw bad(`Isian ${issue.keys.join(', ')} tidak dikenal.`)
  const message = issue?.message ?? ''
  throw bad(/tidak valid|maksimal/.test(message) ? message : `Isian ${issue?.path.join('.')} tidak valid.`)
}

/** What one payment may come to. */
export function checkAmount(rupiah: number): number {
  if (rupiah >= 5000 && rupiah <= 999_999_999) return rupiah
  throw bad('Total price min Rp 5000 and max Rp 999999999')
}

/** Some channels ask for a person who can be reached, and the platform says it in its own way: 401. */
export function needBuyer(name?: string, email?: string, phone?: string): void {
  const reachable = z.email().safeParse(email).success && /^\+?\d{8,15}$/.test(phone ?? '')
  if (!name || !reachable) throw new Refusal(401, 'Buyer name, email and phone are required')
}

const isAddress = (value: string): boolean => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
