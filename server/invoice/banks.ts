import { AppError } from '../http/index.ts'

/** What the contract calls a bank, and how it is paid here. */
const banks = {
  halkbank: { gateway: 'halkbank', method: 'halkbank' },
  foreign_affairs_bank: { gateway: 'foreignAffairsBank', method: 'foreign_affairs_bank' },
} as const

export type PaymentType = keyof typeof banks

export const bankOf = (type: PaymentType): { gateway: string; method: string } => banks[type]

/** The contract's name of a stored payment's gateway; null for one that is none of its banks. */
export const typeOfGateway = (gateway: string): PaymentType | null =>
  (Object.keys(banks) as PaymentType[]).find((type) => banks[type].gateway === gateway) ?? null

/** The name as it came, from query or body; Halkbank where nobody says. */
export function readPaymentType(...given: (string | null | undefined)[]): PaymentType {
  const name = given.find((one) => one)?.trim() ?? 'halkbank'
  if (Object.hasOwn(banks, name)) return name as PaymentType
  throw new AppError(
    'invoice.payment_type',
    `online_payment_type must be one of: ${Object.keys(banks).join(', ')}.`,
  )
}
