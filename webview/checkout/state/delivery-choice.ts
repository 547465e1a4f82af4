import type { OrderView } from '../../../server/pipeline/contract.ts'
import type { CheckoutForm } from './form.ts'

/** How the goods come, as SELECT_LOGISTIC_METHOD takes it. */
export interface DeliveryChoice {
  type: 'courier' | 'pickup'
  companyName?: string
  pointId?: string
  slotId?: string
  costConfirmed: boolean
}

/** What the customer has chosen on the page; null while nothing is. */
export function deliveryChoice(order: OrderView, form: CheckoutForm): DeliveryChoice | null {
  const [type, ...rest] = form.delivery.value.split(':')
  const name = rest.join(':')
  if (type === 'pickup') return { type, pointId: name, costConfirmed: true }
  if (type !== 'courier') return null
  const offer = order.couriers.find(({ companyName }) => companyName === name)
  const slot = offer?.slots.find(({ id, full }) => id === form.slot.value && !full)
  return {
    type,
    companyName: name,
    ...(slot && { slotId: slot.id }),
    // What costs nothing needs no consent.
    costConfirmed: form.costAccepted.value || offer?.cost === 0,
  }
}

/** Whether the order has this choice already. */
export const isChosen = ({ delivery }: OrderView, choice: DeliveryChoice): boolean =>
  delivery !== null &&
  choice.type === delivery.type &&
  (choice.companyName ?? null) === delivery.companyName &&
  (choice.pointId ?? null) === delivery.pointId &&
  (choice.slotId ?? null) === delivery.slotId &&
  choice.costConfirmed === delivery.costConfirmed

/** The key of what is missing, by field. */
export function deliveryProblems(order: OrderView, choice: DeliveryChoice | null): Record<string, string> {
  const isOffered =
    choice?.type === 'pickup'
      ? order.points.some(({ id }) => id === choice.pointId)
      : order.couriers.some(({ companyName }) => companyName === choice?.companyName)
  if (!choice || !isOffered) return { delivery: 'checkout.delivery.choose' }
  return choice.costConfirmed ? {} : { 'cost-accepted': 'checkout.delivery.mustAccept' }
}
