import { createHash, createHmac } from 'node:crypto'
import type { Types } from 'mongoose'
import { settings } from '../settings.ts'

/** Crockford's alphabet: no letter that is taken for a digit. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 15

/**
 * The code of a ticket: 15 characters that nobody can guess, and one that tells a slip of the hand. It is derived from
 * the ticket with the shop's own secret, so that no message, row or log need hold it.
 */
export function codeOf(ticket: Types.ObjectId): string {
  const digest = createHmac('sha256', settings().sessionSecret).update(`ticket:${ticket}`).digest()
  const body = [...digest.subarray(0, LENGTH)].map((byte) => letters[byte % 32]).join('')
  return body + checkOf(body)
}

/** What is stored of a code. */
export const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex')

/** What was typed or scanned, as it is stored: without spaces and dashes, O as 0, I and L as 1. Null when mistyped. */
export function readCode(typed: string): string | null {
  const code = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  const isOne = code.length === LENGTH + 1 && [...code].every((letter) => letters.includes(letter))
  return isOne && checkOf(code.slice(0, LENGTH)) === code[LENGTH] ? code : null
}

/** As people read it aloud. */
export const inGroups = (code: string): string => code.match(/.{4}/g)?.join('-') ?? code

/** Any single wrong character and any two swapped neighbours change it. */
function checkOf(body: string): string {
  const sum = [...body].reduce((total, letter, index) => total + letters.indexOf(letter) * (index + 1), 0)
  return letters[sum % 31] ?? ''
}
