export { findByRef, findByReturnKey, findPayment, paymentsOf } from './attempts.ts'
export { abandonAttempt, closeOpenAttempt } from './close.ts'
export { endOverdue } from './end-overdue.ts'
export { type Gateway, type Listed, Refused, Unanswered } from './gateway.ts'
export {
  cardForm,
  configureGateways,
  gatewaysInUse,
  offeredMethods,
  polledGateways,
  requireMethod,
} from './gateways.ts'
export { tellOfGatewaysOff } from './gateways-off.ts'
export { captureHeld, isHeld } from './holding.ts'
export { fetchMissed } from './missed.ts'
export { openAttempt, storeAttempt } from './open.ts'
export { acceptPayment, orderItems, payNothing } from './paid.ts'
export { poll } from './poll.ts'
export { qrImage, qrPng } from './qr-image.ts'
export { referenceOf } from './reference.ts'
export { refund } from './refund.ts'
export { refundAll } from './refund-all.ts'
export { approveRefund, declineRefund } from './refund-approval.ts'
export { settleRefund } from './refund-by-staff.ts'
export { cardRoutes } from './saved-card-routes.ts'
export { savedCardOf, savedCards } from './saved-cards.ts'
export { lookUp, settle } from './settle.ts'
export { slipRoutes } from './slip-routes.ts'
export { attemptView, paymentView } from './views.ts'
export { handleHints, webhookAlias, webhookRoute } from './webhooks.ts'
