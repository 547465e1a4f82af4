import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from './errors.ts'
import { newId } from './ids.ts'
import { int, text } from './input.ts'
import type { CardRecord, CardTrial } from './records.ts'

export const NewCard = z.strictObject({
  name: text,
  number: text,
  expiration_month: int,
  expiration_year: int,
  security_code: text.optional(),
  city: text.optional(),
  postal_code: z.union([text, z.int().transform(String)]).optional(),
  country: text.optional(),
  state: text.optional(),
  street1: text.optional(),
  street2: text.optional(),
  phone_number: text.optional(),
  email: text.optional(),
})

/** The platform's test numbers that fail, by how they fail. All others that pass the Luhn check succeed. */
const failing: Record<string, string[]> = {
  insufficient_fund: ['4111111111140011', '5555551111110011', '3530111111190011'],
  stolen_or_lost_card: ['4111111111130012', '5555551111100012', '3530111111180012'],
  failed_processing: ['4111111111120013', '5555551111190013', '3530111111170013'],
  payment_rejected: ['4111111111110014', '5555551111180014', '3530111111160014'],
  failed_fraud_check: ['4111111111190016'],
  invalid_account_number: ['4111111111180017'],
}

/**
 * On the real platform 3-D Secure is a setting of the account. Here the account asks for it for these numbers:
 * the first is a good card, the other two are the platform's own numbers for what can go wrong.
 */
const threeDs: Record<string, CardTrial['threeDs']> = {
  '5454545454545454': 'listed',
  '4111111111140003': 'validation_fails',
  '4111111111150002': 'enrolment_fails',
}

/** Reads a card as the vault does, and forgets its number. `now` decides whether it has expired. */
export function readCard(input: z.output<typeof NewCard>, now: number): CardRecord {
  const number = input.number.replace(/[ -]/g, '')
  const invalid = (message: string) => new Refusal(400, 'invalid_card', message)
  if (!input.name.trim()) throw invalid("name can't be blank")
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) throw invalid('number is invalid')
  const brand = brandOf(number)
  if (!brand) throw new Refusal(400, 'brand_not_supported', 'brand not supported')
  const { expiration_month: month, expiration_year: year } = input
  if (month < 1 || month > 12) throw invalid('expiration month is not between 1 and 12')
  if (year > 2100 || Date.UTC(year, month, 1) <= now) throw invalid('expiration date cannot be in the past')
  if (input.security_code !== undefined && !/^\d{3,4}$/.test(input.security_code)) {
    throw invalid('security code is invalid')
  }
  const { number: _, security_code: code, ...fields } = input
  return {
    id: newId('card'),
    brand,
    lastDigits: number.slice(-4),
    fingerprint: createHash('sha256').update(`fingerprint ${number}`).digest('base64'),
    fields: { ...fields, security_code_check: code !== undefined },
    createdAt: now,
    customer: null,
    trial: {
      failure: Object.keys(failing).find((failure) => failing[failure]?.includes(number)) ?? null,
      threeDs: threeDs[number] ?? 'none',
    },
  }
}

function passesLuhn(number: string): boolean {
  let sum = 0
  for (const [index, digit] of [...number].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}

function brandOf(number: string): string | null {
  if (/^4/.test(number)) return 'Visa'
  if (/^(5[1-5]|2[2-7])/.test(number)) return 'MasterCard'
  if (/^35/.test(number)) return 'JCB'
  if (/^3[47]/.test(number)) return 'American Express'
  if (/^62/.test(number)) return 'UnionPay'
  return null
}
