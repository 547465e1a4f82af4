import { isLoopback } from '../context.ts'
import { badParameter } from './errors.ts'
import type { Fields } from './types.ts'

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value as an object; refused in Meta's words when it is none. */
export function fields(value: unknown, name: string): Fields {
  if (!isFields(value)) throw badParameter(`Invalid parameter: ${name} must be an object`)
  return value
}

/** The value as a list of so many objects. */
export function list(value: unknown, name: string, least: number, most: number): Fields[] {
  if (!Array.isArray(value) || value.length < least || value.length > most) {
    throw badParameter(`Param ${name} must have between ${least} and ${most} elements`)
  }
  return value.map((one, index) => fields(one, `${name}[${index}]`))
}

/** The value as a text of at most so many UTF-16 units. */
export function text(value: unknown, name: string, most: number): string {
  if (typeof value !== 'string' || value.trim() === '')
    throw badParameter(`Param ${name} must be a non-empty UTF-8 encoded string`)
  if (value.length > most) throw badParameter(`Length of param ${name} must be less than or equal to ${most}`)
  return value
}

/** An https address; plain http is tolerated on this machine and nowhere else. */
export function address(value: unknown, name: string): URL {
  if (typeof value !== 'string' || !URL.canParse(value))
    throw badParameter(`Param ${name} must be a valid URL`)
  const url = new URL(value)
  if (url.protocol !== 'https:' && !isLoopback(url)) throw badParameter(`Param ${name} must be an https URL`)
  return url
}

/** Refuses names that the platform does not know. */
export function only(value: Fields, name: string, known: string[]): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw badParameter(`Invalid keys "${key}" were found in param "${name}".`)
  }
}
