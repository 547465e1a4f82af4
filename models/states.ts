/** The words of every state machine. Pure: screens read them too, through the contracts. */

export const orderStates = [
  'DRAFT',
  'AWAITING_PAYMENT',
  'PAID',
  'CONFIRMING',
  'CONFIRMED',
  'FULFILLING',
  'DELIVERED',
  'COMPENSATING',
  'CANCELED',
  'EXPIRED',
  'MANUAL_REVIEW',
] as const
export type OrderState = (typeof orderStates)[number]

/** What may follow what. Everything else is refused, and `npm run verify` checks every history against it. */
export const nextOrderStates: Record<OrderState, readonly OrderState[]> = {
  DRAFT: ['AWAITING_PAYMENT', 'PAID', 'CANCELED', 'EXPIRED', 'COMPENSATING', 'MANUAL_REVIEW'],
  AWAITING_PAYMENT: ['PAID', 'DRAFT', 'CANCELED', 'EXPIRED', 'MANUAL_REVIEW'],
  PAID: ['CONFIRMING', 'COMPENSATING'],
  CONFIRMING: ['CONFIRMED', 'COMPENSATING'],
  CONFIRMED: ['FULFILLING', 'COMPENSATING'],
  FULFILLING: ['DELIVERED', 'COMPENSATING'],
  DELIVERED: [],
  COMPENSATING: ['CANCELED', 'MANUAL_REVIEW'],
  CANCELED: ['COMPENSATING', 'MANUAL_REVIEW'],
  EXPIRED: ['DRAFT', 'PAID', 'COMPENSATING', 'MANUAL_REVIEW'],
  MANUAL_REVIEW: ['PAID', 'COMPENSATING'],
}

export const paymentStates = [
  'CREATED',
  'PENDING',
  'UNKNOWN',
  'AUTHORIZED',
  'FAILED',
  'CANCELED',
  'EXPIRED',
  'CAPTURED',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
] as const
export type PaymentState = (typeof paymentStates)[number]

/** Events arrive in any order: a lower rank never overwrites a higher one. */
export const paymentRank: Record<PaymentState, number> = {
  CREATED: 0,
  PENDING: 1,
  UNKNOWN: 1,
  AUTHORIZED: 2,
  FAILED: 3,
  CANCELED: 3,
  EXPIRED: 3,
  CAPTURED: 4,
  PARTIALLY_REFUNDED: 5,
  REFUNDED: 6,
}

/** An attempt in one of these may still bring money: no second attempt is opened beside it. */
export const openPaymentStates: readonly PaymentState[] = ['CREATED', 'PENDING', 'UNKNOWN', 'AUTHORIZED']

export const operationStates = ['REQUESTED', 'SENT', 'SUCCEEDED', 'FAILED', 'UNKNOWN'] as const
export type OperationState = (typeof operationStates)[number]

export const productKinds = ['GOODS', 'GIFT_CARD', 'WALLET_TOPUP', 'TICKET'] as const
export type ProductKind = (typeof productKinds)[number]

export const holdStates = ['HELD', 'COMMITTED', 'SHIPPED', 'RELEASED'] as const
export type HoldState = (typeof holdStates)[number]

export const deliveryCaseStates = [
  'SLOT_HELD',
  'BOOKED',
  'IN_TRANSIT',
  'READY_FOR_PICKUP',
  'DELIVERED',
  'RETURNED',
  'CANCELED',
] as const
export type DeliveryCaseState = (typeof deliveryCaseStates)[number]

export const pickingCaseStates = ['OPEN', 'PICKED', 'HANDED_OVER', 'CANCELED'] as const
export type PickingCaseState = (typeof pickingCaseStates)[number]

export const customerDomains = ['LEAD', 'CUSTOMER'] as const
export type CustomerDomain = (typeof customerDomains)[number]

export const customerStatuses = ['FOLLOW', 'WAITING_FOR_PAYMENT'] as const
export type CustomerStatus = (typeof customerStatuses)[number]

export const tokenTypes = ['BANK_CARD', 'QR_PAY', 'GIFT_CARD', 'WALLET'] as const
/** Seed words for the kind of thing that pays. */
export type TokenType = (typeof tokenTypes)[number]

export const languages = ['th', 'en', 'id', 'ja', 'ru', 'tk'] as const
export type Language = (typeof languages)[number]

export const conversationStates = ['open', 'snoozed', 'resolved'] as const
export type ConversationState = (typeof conversationStates)[number]

export const messageKinds = [
  'text',
  'image',
  'video',
  'audio',
  'file',
  'sticker',
  'location',
  'card',
  'postback',
  'event',
  'unknown',
] as const
export type MessageKind = (typeof messageKinds)[number]

/**
 * `queued` → `sending` → `sent` | `failed` | `unknown` for what we send; `received` for what came in; `unsent` for
 * what its author took back. `unknown`: the platform never answered, and staff decide.
 */
export const messageStates = ['received', 'queued', 'sending', 'sent', 'failed', 'unknown', 'unsent'] as const
export type MessageState = (typeof messageStates)[number]
