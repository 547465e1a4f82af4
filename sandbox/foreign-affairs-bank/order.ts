import { randomUUID } from 'node:crypto'

/** One order of the simulated bank. Money in hundredths, whatever the interface writes. */
export interface OrderRecord {
  id: string
  requestId: string
  merchantOrderId: string
  invoiceNumber: string
  amount: number
  currency: string
  text: string
  finalUrl: string
  result: 'OPG-00100' | 'GEN-00000' | 'OPG-00006'
  refunds: number[]
  createdAt: number
  /** Whether the merchant ever got the answer: without it nobody knows where the order is paid. */
  told: boolean
}

export type NewOrder = Omit<OrderRecord, 'id' | 'result' | 'refunds' | 'createdAt' | 'told'>

export const newOrder = (wish: NewOrder, now: number): OrderRecord => ({
  ...wish,
  id: randomUUID(),
  result: 'OPG-00100',
  refunds: [],
  createdAt: now,
  told: false,
})

export const refundedOf = ({ refunds }: OrderRecord): number =>
  refunds.reduce((sum, amount) => sum + amount, 0)

/** What each result means, in the bank's words. */
export const descriptions: Record<string, string> = {
  'GEN-00000': 'Operation Successful',
  'GEN-00001': 'System error',
  'GEN-00002': 'Not authorised',
  'OPG-00001': 'Unknown',
  'OPG-00006': 'The merchant cancelled the order.',
  'OPG-00100': 'Further action is needed.',
}
