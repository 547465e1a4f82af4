import type { Method } from '../../gateway.ts'

const minute = 60_000
const day = 24 * 60 * minute

const thai = { THB: { min: 2000, max: 15_000_000 } }

/** A source that the customer agrees to at the platform's or the bank's page, or in an app. */
const source = (name: string, group?: string): Method => ({
  name,
  tokenType: 'QR_PAY',
  amounts: thai,
  needsCardToken: false,
  lifetime: 15 * minute,
  ...(group && { group }),
})

/** Whose cards can be paid off in how many months, and the least that a month may cost, satang. */
const plans: Record<string, { terms: number[]; monthly: number }> = {
  kbank: { terms: [3, 4, 6, 10], monthly: 30_000 },
  scb: { terms: [3, 4, 6, 9, 10], monthly: 50_000 },
  bbl: { terms: [4, 6, 8, 9, 10], monthly: 50_000 },
  bay: { terms: [3, 4, 6, 9, 10], monthly: 50_000 },
  ktc: { terms: [3, 4, 5, 6, 7, 8, 9, 10], monthly: 30_000 },
  first_choice: { terms: [3, 4, 6, 9, 10, 12, 18, 24, 36], monthly: 30_000 },
}
/** Whatever the months, nothing below this is paid off in parts. */
const LEAST_PLAN = 200_000

const installments = Object.entries(plans).flatMap(([bank, { terms, monthly }]) =>
  terms.map(
    (term): Method => ({
      ...source(`installment_${bank}_${term}`, 'installment'),
      tokenType: 'BANK_CARD',
      amounts: { THB: { min: Math.max(LEAST_PLAN, monthly * term), max: 500_000_000_000 } },
    }),
  ),
)

/** Everything that an account may have; what this one has is asked of the platform. */
export const everyMethod: Method[] = [
  {
    name: 'card',
    tokenType: 'BANK_CARD',
    amounts: {
      THB: { min: 2000, max: 500_000_000_000 },
      JPY: { min: 100, max: 99_999_999 },
      USD: { min: 100, max: 99_999_999 },
    },
    needsCardToken: true,
    // Where the shop wants that: a charge is made to be captured later only when it is told so.
    captureLater: true,
    lifetime: 15 * minute,
  },
  source('promptpay'),
  source('truemoney'),
  source('rabbit_linepay'),
  ...['kbank', 'scb', 'bbl', 'ktb', 'bay'].map((bank) => source(`mobile_banking_${bank}`, 'mobile_banking')),
  ...['bbl', 'bay'].map((bank) => source(`internet_banking_${bank}`, 'internet_banking')),
  ...installments,
  {
    ...source('econtext'),
    amounts: { JPY: { min: 200, max: 299_999 } },
    lifetime: 3 * day,
    refund: 'none',
  },
]

/** What the platform calls a method, and the months where it is a plan: `installment_kbank_3` is two things there. */
export function sourceOf(method: string): { type: string; term?: number } {
  const [, type, term] = /^(installment_\w+)_(\d+)$/.exec(method) ?? []
  return type && term ? { type, term: Number(term) } : { type: method }
}
