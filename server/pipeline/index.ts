import { z } from 'zod'
import { AppError, type CustomerCaller, type Route, route } from '../http/index.ts'
import { expectVersion, findOrder, latestOrder, pageOpened, Stale } from '../order/index.ts'
import type { Action } from './action.ts'
import { cancelPayment } from './actions/cancel-payment.ts'
import { checkPayment } from './actions/check-payment.ts'
import { checkProductSufficient } from './actions/check-product-sufficient.ts'
import { confirmPaymentSelection } from './actions/confirm-payment-selection.ts'
import { reopenOrder } from './actions/reopen-order.ts'
import { selectLogisticMethod } from './actions/select-logistic-method.ts'
import { selectPaymentMethod } from './actions/select-payment-method.ts'
import { updateContact } from './actions/update-contact.ts'
import { updateDeliveryAddress } from './actions/update-delivery-address.ts'
import { verifyOrderContext } from './actions/verify-order-context.ts'
import { ContextChanged } from './conflict.ts'
import { eventCheckoutRoutes } from './event-return.ts'
import { linkRoutes } from './links.ts'
import { resultRoutes } from './results.ts'
import { stepWith } from './step.ts'
import { viewOrder } from './view.ts'

/** Seed 1's pipeline, in the order of the customer's way, and what a page needs around it. */
const actions: Action[] = [
  updateDeliveryAddress,
  updateContact,
  selectLogisticMethod,
  selectPaymentMethod,
  verifyOrderContext,
  checkProductSufficient,
  confirmPaymentSelection,
  cancelPayment,
  checkPayment,
  reopenOrder,
]

const view: Route = route({
  method: 'GET',
  path: '/api/pipeline/:orderId',
  access: 'customer',
  summary: 'The order as its page shows it; the page asks while it waits',
  params: z.object({ orderId: z.string() }),
  async handler({ params, caller }) {
    const order = await findOrder(params.orderId)
    await pageOpened(order)
    return viewOrder(order, caller)
  },
})

const asRoute = (action: Action): Route =>
  route({
    method: 'POST',
    path: `/api/pipeline/:orderId/${action.name}`,
    access: 'customer',
    summary: action.summary,
    params: z.object({ orderId: z.string() }),
    body: z.strictObject({ version: z.int().min(0), ...action.data }),
    async handler({ params, body, caller, headers, ip }) {
      try {
        const order = await findOrder(params.orderId)
        if (!action.anyVersion) expectVersion(order, (body as { version: number }).version)
        const {
          order: changed,
          next,
          attempts,
        } = await action.run({ order, data: body, caller, headers, ip })
        const shown = await viewOrder(changed, caller, attempts)
        return next ? { order: shown, next } : shown
      } catch (error) {
        throw await withCurrentOrder(error, params.orderId, caller)
      }
    },
  })

/** The page that lost gets the order as it is now, and what changed, so that it can alert and go on. */
async function withCurrentOrder(error: unknown, orderId: string, caller: CustomerCaller): Promise<unknown> {
  if (!(error instanceof AppError) || !error.reload) return error
  const order = await viewOrder(await latestOrder(orderId), caller)
  const changes = error instanceof ContextChanged ? error.changes : []
  const details = { ...(error.details as object | undefined), order, changes }
  return new AppError(error.code, error.message, {
    status: error.status,
    reload: true,
    details,
    ...(error instanceof Stale ? {} : { cause: error }),
  })
}

export const takeStep = stepWith(actions)
export const routes: Route[] = [
  view,
  ...actions.map(asRoute),
  ...linkRoutes,
  ...resultRoutes,
  ...eventCheckoutRoutes,
]
export { ContextChanged } from './conflict.ts'
export { expectCustomer, Proof } from './identify.ts'
export { viewByLink } from './links.ts'
export { refresh as refreshOrder } from './refresh.ts'
export { viewByReturnKey } from './results.ts'
export { attemptsOf, viewOrder } from './view.ts'
