import { nextTick } from 'vue'
import type { OfferedMethod } from '../../../server/payment/contract.ts'
import type { OrderView } from '../../../server/pipeline/contract.ts'
import { addressProblems } from './address-problems.ts'
import { cardProblems } from './card.ts'
import { contactProblems } from './contact.ts'
import { deliveryChoice, deliveryProblems } from './delivery-choice.ts'
import type { CheckoutForm } from './form.ts'

/** Keys of what is wrong, by the id of the field that it is about. */
export type Problems = Record<string, string>

/** Everything that keeps the order from being paid. */
export function findProblems(
  order: OrderView,
  form: CheckoutForm,
  method: OfferedMethod | undefined,
): Problems {
  return {
    ...(order.needsDelivery && under('address', addressProblems(form.address))),
    ...(order.needsContact && under('contact', contactProblems(form.contact))),
    // Deliveries are offered for an address: without one there is nothing to choose.
    ...(order.needsDelivery && order.address && deliveryProblems(order, deliveryChoice(order, form))),
    ...(order.totals.total > 0 && !method && { method: 'checkout.method.choose' }),
    ...(order.totals.total > 0 &&
      method?.needsCardToken &&
      under('card', cardProblems(form.card, Date.parse(order.now)))),
  }
}

/** Names the problems of a part of the page as its fields are named. */
export const under = (part: string, problems: Partial<Problems>): Problems =>
  Object.fromEntries(
    Object.entries(problems).flatMap(([name, key]) => (key ? [[`${part}-${name}`, key]] : [])),
  )

/** Shows what is wrong beside its field and takes the customer to the first. True when there is something. */
export async function showProblems(form: CheckoutForm, found: Problems): Promise<boolean> {
  for (const name of Object.keys(form.problems)) delete form.problems[name]
  Object.assign(form.problems, found)
  const ids = Object.keys(found)
  if (!ids.length) return false
  if (ids.some((id) => id.startsWith('address-'))) form.editingAddress.value = true
  await nextTick()
  firstOf(ids)?.focus()
  return true
}

/** Takes the customer to why the last payment came to nothing: the button they pressed may be far from it. */
export async function showDecline(): Promise<void> {
  await nextTick()
  const notice = document.querySelector<HTMLElement>('.decline')
  notice?.scrollIntoView({ block: 'center' })
  notice?.focus({ preventScroll: true })
}

/** The first of them as the page shows them, which is not the order in which they were found. */
function firstOf(ids: string[]): HTMLElement | undefined {
  return ids
    .map((id) => document.getElementById(id))
    .filter((element) => element !== null)
    .sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))[0]
}

/** Fields of the address or contact that the server found wrong. */
export function problemsFrom(details: unknown): Problems {
  if (!Array.isArray(details)) return {}
  const fields = details.map((one: { field?: unknown }) =>
    /^(address|contact)\.(\w+)$/.exec(String(one.field)),
  )
  return Object.fromEntries(
    fields.flatMap((field) => (field ? [[`${field[1]}-${field[2]}`, 'checkout.address.wrong']] : [])),
  )
}
