import { chargeLimits, currencies } from './new-charge.ts'
import type { Json } from './records.ts'
import { sourceTypes } from './source-types.ts'

const banks =
  'test bbl kbank rbs ktb jpm mufg ttb scb citi smbc sc cimb uob bay mega boa cacib gsb hsbc db ghb baac mb'

/** What the simulated account can take, in the platform's words. */
export const capability = (lacking: string[]): Json => ({
  object: 'capability',
  location: '/capability',
  banks: banks.split(' '),
  limits: {
    charge_amount: chargeLimits,
    transfer_amount: { max: 100_000_000_000, min: 3000 },
    installment_amount: { min: 200_000 },
  },
  payment_methods: [
    method('card', currencies, ['JCB', 'Visa', 'MasterCard', 'American Express', 'UnionPay'], null),
    ...Object.entries(sourceTypes).map(([name, { currencies, plan }]) =>
      method(name, currencies, null, plan?.terms ?? null),
    ),
  ].filter(({ name }) => !lacking.includes(String(name))),
  country: 'TH',
  tokenization_methods: [],
  zero_interest_installments: false,
})

const method = (
  name: string,
  currencies: string[],
  brands: string[] | null,
  terms: number[] | null,
): Json => ({
  object: 'payment_method',
  name,
  currencies,
  card_brands: brands,
  installment_terms: terms,
  loan_installment_terms: null,
  banks: [],
  provider: null,
})
