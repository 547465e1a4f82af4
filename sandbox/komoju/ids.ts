import { randomBytes, randomInt } from 'node:crypto'

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** 25 characters of letters and digits, as the platform's own ids look. */
export function newId(): string {
  let id = ''
  for (let i = 0; i < 25; i += 1) id += letters[randomInt(letters.length)]
  return id
}

/** So many decimal digits: what a store's till asks for. */
export function newDigits(count: number): string {
  let digits = String(randomInt(1, 10))
  while (digits.length < count) digits += String(randomInt(10))
  return digits
}

/** The id of one delivery of an event. */
export const newDeliveryId = (): string => randomBytes(12).toString('hex')
