import { z } from 'zod'
import { badRequest } from './errors.ts'

/** The platform takes form fields too, so a number may come as its digits and a flag as a word. */
export const int = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,15}$/, 'must be an integer')
    .transform(Number),
])
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])
export const text = z.string().max(2000)
export const metadata = z.record(z.string().max(100), z.unknown())
export const instant = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time' })

/** Checks a body or query against its shape; what is unknown or of another type is refused, by name. */
export function read<Shape extends z.ZodType>(shape: Shape, input: unknown): z.output<Shape> {
  const result = shape.safeParse(input ?? {})
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue?.code === 'unrecognized_keys') throw badRequest(`unknown parameter: ${issue.keys.join(', ')}`)
  const where = issue?.path.join('.') || 'body'
  throw badRequest(`${where} is invalid: ${issue?.message.toLowerCase()}`)
}

export const Page = z.strictObject({
  limit: int.refine((value) => value >= 1 && value <= 100, 'must be between 1 and 100').default(20),
  offset: int.refine((value) => value >= 0, 'must not be negative').default(0),
  from: z.union([instant, z.iso.date()]).default('1970-01-01T00:00:00Z'),
  to: z.union([instant, z.iso.date()]).optional(),
  order: z.enum(['chronological', 'reverse_chronological']).default('chronological'),
})
