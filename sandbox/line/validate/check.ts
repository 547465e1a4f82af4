import { isLoopback } from '../../context.ts'
import type { ErrorDetail } from '../errors.ts'
import type { Fields } from '../types.ts'

/** A position in the request body: collects what is wrong there, in the platform's way of writing paths. */
export interface Place {
  /** `messages[0].text` in most of a request, `/body/contents/0/text` inside a Flex container. */
  path: string
  at(key: string | number): Place
  problem(message: string): void
}

/** `messages[0].text`, as the Messaging API names a property. */
export function dotted(problems: ErrorDetail[], path = ''): Place {
  return {
    path,
    at: (key) =>
      dotted(problems, typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${key}` : key),
    problem: (message) => void problems.push({ message, property: path }),
  }
}

/** `/body/contents/0/text`, as errors inside a Flex container are reported. */
export function pointer(problems: ErrorDetail[], path = ''): Place {
  return {
    path: path || '/',
    at: (key) => pointer(problems, `${path}/${key}`),
    problem: (message) => void problems.push({ message, property: path || '/' }),
  }
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A field that is not there, or null: LINE treats both as absent. */
export const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null

interface Need {
  required?: boolean
}

function present(place: Place, fields: Fields, key: string, need: Need): boolean {
  if (!isAbsent(fields[key])) return true
  if (need.required) place.at(key).problem('May not be empty')
  return false
}

/** A text of `min` to `max` UTF-16 code units: JavaScript's own way of counting, and LINE's. */
export function checkText(
  place: Place,
  fields: Fields,
  key: string,
  limits: Need & { min?: number; max: number },
): string | undefined {
  if (!present(place, fields, key, limits)) return undefined
  const value = fields[key]
  const min = limits.min ?? 1
  if (typeof value !== 'string') {
    place.at(key).problem('Must be a string')
    return undefined
  }
  if (value.length === 0 && min > 0) place.at(key).problem('May not be empty')
  else if (value.length < min || value.length > limits.max) {
    place.at(key).problem(`Length must be between ${min} and ${limits.max}`)
  }
  return value
}

export function checkChoice<Choice extends string>(
  place: Place,
  fields: Fields,
  key: string,
  choices: readonly Choice[],
  need: Need = {},
): Choice | undefined {
  if (!present(place, fields, key, need)) return undefined
  const value = fields[key]
  const found = choices.find((choice) => choice === value)
  if (found === undefined) {
    place.at(key).problem(`Must be one of the following values: [${choices.join(', ')}]`)
  }
  return found
}

export function checkNumber(
  place: Place,
  fields: Fields,
  key: string,
  limits: Need & { min?: number; max?: number; whole?: boolean },
): number | undefined {
  if (!present(place, fields, key, limits)) return undefined
  const value = fields[key]
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    place.at(key).problem('Must be a number')
    return undefined
  }
  if (limits.whole !== false && !Number.isInteger(value)) place.at(key).problem('Must be an integer')
  if (limits.min !== undefined && value < limits.min) {
    place.at(key).problem(`Must be greater than or equal to ${limits.min}`)
  }
  if (limits.max !== undefined && value > limits.max) {
    place.at(key).problem(`Must be less than or equal to ${limits.max}`)
  }
  return value
}

export function checkFlag(place: Place, fields: Fields, key: string): void {
  if (!isAbsent(fields[key]) && typeof fields[key] !== 'boolean') place.at(key).problem('Must be a boolean')
}

export function checkList(
  place: Place,
  fields: Fields,
  key: string,
  limits: Need & { min?: number; max?: number },
): unknown[] {
  if (!present(place, fields, key, limits)) return []
  const value = fields[key]
  if (!Array.isArray(value)) {
    place.at(key).problem('Must be an array')
    return []
  }
  const { min = 0, max = Number.POSITIVE_INFINITY } = limits
  if (value.length < min || value.length > max) {
    place
      .at(key)
      .problem(max === Number.POSITIVE_INFINITY ? `Size must be at least ${min}` : sizeText(min, max))
  }
  return value
}

const sizeText = (min: number, max: number): string =>
  min === max ? `Size must be ${min}` : `Size must be between ${min} and ${max}`

export function checkFields(place: Place, fields: Fields, key: string, need: Need = {}): Fields | undefined {
  if (!present(place, fields, key, need)) return undefined
  const value = fields[key]
  if (!isFields(value)) {
    place.at(key).problem('Must be an object')
    return undefined
  }
  return value
}

export function checkPattern(
  place: Place,
  fields: Fields,
  key: string,
  pattern: RegExp,
  message: string,
  need: Need = {},
): void {
  if (!present(place, fields, key, need)) return
  const value = fields[key]
  if (typeof value !== 'string' || !pattern.test(value)) place.at(key).problem(message)
}

export const checkColor = (place: Place, fields: Fields, key: string, need: Need = {}): void =>
  checkPattern(place, fields, key, /^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$/, 'invalid property', need)

/** Refuses what the platform does not know: a misspelt property would be ignored in silence otherwise. */
export function checkKeys(place: Place, fields: Fields, known: readonly string[]): void {
  for (const key of Object.keys(fields)) {
    if (!known.includes(key)) place.at(key).problem('unknown field')
  }
}

/** The address of a picture, video or sound: https and plain ASCII; http only on this machine. */
export function checkMediaUrl(
  place: Place,
  fields: Fields,
  key: string,
  need: Need & { max?: number } = {},
): void {
  const url = checkText(place, fields, key, { max: need.max ?? 2000, required: need.required ?? false })
  if (url === undefined || url === '') return
  const address = isAscii(url) && URL.canParse(url) ? new URL(url) : undefined
  if (!address) return void place.at(key).problem('Must be a valid URL')
  if (address.protocol === 'https:') return
  if (address.protocol === 'http:' && isLoopback(address)) return
  place.at(key).problem('invalid uri scheme')
}

/** Characters outside of ASCII must be percent-encoded. */
export const isAscii = (text: string): boolean => /^[\x21-\x7e]*$/.test(text)

/** A list of objects: checks its size, then each object at its own place. */
export function checkEach(
  place: Place,
  fields: Fields,
  key: string,
  limits: Need & { min?: number; max?: number },
  check: (here: Place, item: Fields) => void,
): Fields[] {
  const list = checkList(place, fields, key, limits)
  for (const [index, item] of list.entries()) {
    const here = place.at(key).at(index)
    if (isFields(item)) check(here, item)
    else here.problem('Must be an object')
  }
  return list.filter(isFields)
}
