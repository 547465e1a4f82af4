import { randomBytes, randomInt } from 'node:crypto'

const letters = '0123456789abcdefghijklmnopqrstuvwxyz'

/** `chrg_test_` and 19 characters of base 36, as the platform's own ids look. */
export function newId(prefix: string): string {
  let tail = ''
  for (let i = 0; i < 19; i += 1) tail += letters[randomInt(letters.length)]
  return `${prefix}_test_${tail}`
}

/** The unguessable end of a document's address. */
export const newSecret = (): string => randomBytes(8).toString('hex').toUpperCase()
