/** What a try with a test card leads to. */
export interface CardTrial {
  brand: string
  lastDigits: string
  /** The platform's code when it fails. */
  failure: string | null
  /** The card's bank asks its holder first. */
  threeDs: boolean
}

const good: Record<string, string> = {
  '4111111111111111': 'visa',
  '5555555555554444': 'master',
  '3530111333300000': 'jcb',
  '378282246310005': 'american_express',
}
const withThreeDs: Record<string, string> = {
  '4100000000000100': 'visa',
  '5100000000000107': 'master',
  '3528000000000106': 'jcb',
}
const failing: Record<string, string> = {
  '4123111111111000': 'insufficient_funds',
  '4123111111111018': 'exceeded_limit',
  '4123111111111034': 'bad_verification_value',
  '4123111111111042': 'card_expired',
  '4123111111111059': 'card_declined',
  '4123111111111067': 'invalid_number',
  '4123111111111075': 'invalid_number',
}

/** The failing card that the page's *Decline* button pays with. */
export const decliningCard = '4123111111111059'
export const usualCard = '4111111111111111'

/** Reads a card as the hosted page takes it; an unknown number is an invalid one, as in the test environment. */
export function tryCard(number: string): CardTrial {
  const digits = number.replace(/[ -]/g, '')
  const lastDigits = digits.slice(-4)
  const brand = good[digits] ?? withThreeDs[digits] ?? 'visa'
  if (good[digits]) return { brand, lastDigits, failure: null, threeDs: false }
  if (withThreeDs[digits]) return { brand, lastDigits, failure: null, threeDs: true }
  return { brand, lastDigits, failure: failing[digits] ?? 'invalid_number', threeDs: false }
}

export const failureMessages: Record<string, string> = {
  insufficient_funds: 'The card has insufficient funds.',
  exceeded_limit: 'The card has exceeded its limit.',
  bad_verification_value: 'The security code is wrong.',
  card_expired: 'The card has expired.',
  card_declined: 'The card was declined.',
  invalid_number: 'The card number is not valid.',
  three_d_secure_failed: 'The holder of the card was not recognised.',
}
