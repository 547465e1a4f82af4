import type { z } from 'zod'
import { AppError } from './errors.ts'

/** One thing that is wrong with the input, for the client to show beside the field. */
export interface InputProblem {
  in: 'path' | 'query' | 'body'
  /** Dotted: `items.0.quantity`; empty for the whole. */
  field: string
  problem: string
}

const MOST_PROBLEMS = 20

/** The input as its schema types it; a 400 that names each wrong field otherwise. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  place: InputProblem['in'],
): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const problems = result.error.issues.slice(0, MOST_PROBLEMS).map(
    (issue): InputProblem => ({
      in: place,
      field: issue.path.join('.').slice(0, 200),
      problem: issue.message.slice(0, 200),
    }),
  )
  const first = problems[0]
  const where = first?.field ? `${first.field}: ` : ''
  throw new AppError(
    'input.invalid',
    `The ${place} is not right. ${where}${first?.problem}. Correct it and send it again.`,
    { details: problems },
  )
}
