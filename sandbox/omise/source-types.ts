import { z } from 'zod'
import { badRequest, Refusal } from './errors.ts'
import { flag, int, text } from './input.ts'
import type { SourceRecord } from './records.ts'

interface SourceType {
  flow: SourceRecord['flow']
  currencies: string[]
  /** Minor units. */
  min: number
  max: number
  /** Fields without which the platform refuses it. */
  needs?: string[]
  /** Numbers of months, and the least that a month may cost. */
  plan?: { terms: number[]; monthly: number }
  /** What is paid offline by a code is shown on a page; without this it is a QR. */
  page?: true
  /** How long the customer may take, when the charge names no time of its own. */
  lives: number
}

const day = 86_400_000
const thai = { currencies: ['THB'], min: 2000, max: 15_000_000 }

const redirect: SourceType = { flow: 'redirect', ...thai, lives: day }
const app: SourceType = { flow: 'app_redirect', ...thai, lives: day }
const installment = (monthly: number, ...terms: number[]): SourceType => ({
  ...redirect,
  min: 200_000,
  max: 500_000_000_000,
  needs: ['installment_term'],
  plan: { terms, monthly },
})

/** What the simulated account may take, besides cards. */
export const sourceTypes: Record<string, SourceType> = {
  promptpay: { flow: 'offline', ...thai, lives: day },
  paynow: { flow: 'offline', currencies: ['SGD'], min: 100, max: 2_000_000, lives: day },
  internet_banking_bay: redirect,
  internet_banking_bbl: redirect,
  mobile_banking_bay: app,
  mobile_banking_bbl: app,
  mobile_banking_kbank: app,
  mobile_banking_ktb: app,
  mobile_banking_scb: app,
  truemoney: { ...redirect, needs: ['phone_number'] },
  truemoney_jumpapp: app,
  rabbit_linepay: redirect,
  shopeepay: redirect,
  shopeepay_jumpapp: app,
  alipay: redirect,
  alipay_cn: app,
  wechat_pay: redirect,
  grabpay: redirect,
  atome: redirect,
  installment_bay: installment(50_000, 3, 4, 6, 9, 10),
  installment_bbl: installment(50_000, 4, 6, 8, 9, 10),
  installment_first_choice: installment(30_000, 3, 4, 6, 9, 10, 12, 18, 24, 36),
  installment_kbank: installment(30_000, 3, 4, 6, 10),
  installment_ktc: installment(30_000, 3, 4, 5, 6, 7, 8, 9, 10),
  installment_scb: installment(50_000, 3, 4, 6, 9, 10),
  econtext: {
    flow: 'offline',
    currencies: ['JPY'],
    min: 200,
    max: 299_999,
    needs: ['name', 'email', 'phone_number'],
    lives: 3 * day,
    page: true,
  },
}

const address = z.strictObject({
  country: text.optional(),
  city: text.optional(),
  postal_code: text.optional(),
  state: text.optional(),
  street1: text.optional(),
  street2: text.optional(),
})

export const NewSource = z.strictObject({
  type: text,
  amount: int.optional(),
  currency: text.optional(),
  bank: text.optional(),
  barcode: text.optional(),
  email: text.optional(),
  installment_term: int.optional(),
  mobile_number: text.optional(),
  name: text.optional(),
  phone_number: text.optional(),
  platform_type: z.enum(['WEB', 'IOS', 'ANDROID']).optional(),
  promotion_code: text.optional(),
  store_id: text.optional(),
  store_name: text.optional(),
  terminal_id: text.optional(),
  zero_interest_installments: flag.optional(),
  billing: address.optional(),
  shipping: address.optional(),
  items: z.array(z.record(z.string(), z.unknown())).optional(),
})

/** The type of a source after its amount, currency and needed fields were looked at; refuses as the platform. */
export function checkSource(input: z.output<typeof NewSource>, amount: number, currency: string): SourceType {
  const type = sourceTypes[input.type]
  if (!type) throw badRequest(`type is not supported: ${input.type}`)
  if (!type.currencies.includes(currency)) throw badRequest('currency is not supported for this source type')
  if (amount < type.min) {
    throw new Refusal(400, 'invalid_amount', `amount must be greater than or equal to ${type.min}`)
  }
  if (amount > type.max) {
    throw new Refusal(400, 'invalid_amount', `amount must be less than or equal to ${type.max}`)
  }
  for (const name of type.needs ?? []) {
    if (!(name in input)) throw badRequest(`${name} is required for ${input.type}`)
  }
  if (type.plan) checkPlan(type.plan, input.installment_term ?? 0, amount)
  if (input.type === 'truemoney' && !/^0\d{9}$/.test(input.phone_number ?? '')) {
    throw badRequest('phone_number is invalid')
  }
  if (input.type === 'econtext') checkContact(input)
  return type
}

function checkPlan({ terms, monthly }: NonNullable<SourceType['plan']>, term: number, amount: number): void {
  if (!terms.includes(term)) throw badRequest(`installment_term must be one of ${terms.join(', ')}`)
  if (amount < monthly * term) {
    throw new Refusal(400, 'invalid_amount', `amount must be at least ${monthly} for each month`)
  }
}

function checkContact({ name, email, phone_number: phone }: z.output<typeof NewSource>): void {
  if (!name || name.length > 10) throw badRequest('name must be 1 to 10 characters')
  if (!/^[^@\s]+@[^@\s]+$/.test(email ?? '')) throw badRequest('email is invalid')
  if (!/^\d{10,11}$/.test(phone ?? '')) throw badRequest('phone_number must be 10 or 11 digits')
}
