import { type InjectionKey, inject, nextTick, ref } from 'vue'
import type { Next, OrderView } from '../../../server/pipeline/contract.ts'
import { addressProblems } from './address-problems.ts'
import { Refusal } from './api.ts'
import { cardProblems, emptyCard } from './card.ts'
import { shownContext, shownGoods } from './context.ts'
import { addressData, type CheckoutForm } from './form.ts'
import { makeCardToken } from './omise.ts'
import type { OrderStore } from './order.ts'

export type Checkout = ReturnType<typeof createCheckout>
export const checkoutKey: InjectionKey<Checkout> = Symbol('checkout')

export function useCheckout(): Checkout {
  const checkout = inject(checkoutKey)
  if (!checkout) throw new Error('No checkout: provide checkoutKey where the page is made')
  return checkout
}

interface DeliveryChoice {
  type: 'courier' | 'pickup'
  companyName?: string
  pointId?: string
  slotId?: string
  costConfirmed: boolean
}

/** The steps from what the customer has typed to what they do next. */
export function createCheckout(store: OrderStore, form: CheckoutForm, goTo: (next: Next) => void) {
  const { view } = store
  /** What is being done, for the button: nothing while the customer can act. */
  const busy = ref<'' | 'address' | 'delivery' | 'pay' | 'cancel'>('')
  /** What went wrong that belongs to no field: a code that the screen has words for. */
  const failure = ref('')

  /** UPDATE_DELIVERY_ADDRESS: the answer brings the deliveries and costs for this address. */
  async function saveAddress(): Promise<boolean> {
    const wrong = addressProblems(form.address)
    if (await showProblems('address', wrong)) return false
    return attempt('address', async () => {
      await store.act('UPDATE_DELIVERY_ADDRESS', { address: addressData(form.address) })
      form.editingAddress.value = false
    })
  }

  /** SELECT_LOGISTIC_METHOD: the total that follows is the server's. */
  async function chooseDelivery(): Promise<boolean> {
    const data = deliveryData()
    if (!data) return false
    delete form.problems['delivery']
    delete form.problems['cost-accepted']
    return attempt('delivery', () => store.act('SELECT_LOGISTIC_METHOD', data))
  }

  /** The confirmation as seed 1 draws it: address, context, stock, and then the payment itself. */
  async function pay(): Promise<void> {
    if (busy.value) return
    // An address that is complete but was not taken over yet: it brings the deliveries to choose from.
    const { needsDelivery, address } = view.value
    if (needsDelivery && !address && !Object.keys(addressProblems(form.address)).length) {
      if (!(await saveAddress())) return
    }
    if (await showAllProblems()) return
    await attempt('pay', async () => {
      const seen = shownGoods(view.value)
      await bringChoices()
      const shown = { ...shownContext(view.value, form.address), ...seen }
      if (view.value.needsDelivery) {
        await store.act('UPDATE_DELIVERY_ADDRESS', { address: addressData(form.address) })
      }
      await confirm(shown)
    })
  }

  /** Pays the same way once more: a new QR for one that has run out. */
  async function payAgain(): Promise<void> {
    if (busy.value) return
    await attempt('pay', async () => {
      if (view.value.state === 'AWAITING_PAYMENT') await store.act('CHECK_PAYMENT')
      if (view.value.state === 'AWAITING_PAYMENT') await store.act('CANCEL_PAYMENT')
      if (view.value.state !== 'DRAFT') return
      await confirm(shownContext(view.value, form.address))
    })
  }

  async function confirm(shown: object): Promise<void> {
    await store.act('VERIFY_ORDER_CONTEXT', shown)
    await store.act('CHECK_PRODUCT_SUFFICIENT')
    const cardToken = await cardTokenIfNeeded()
    const { next } = await store.confirm(cardToken ? { cardToken } : {}, crypto.randomUUID())
    goTo(next)
  }

  async function cardTokenIfNeeded(): Promise<string | null> {
    if (!chosenMethod()?.needsCardToken || !view.value.card || !view.value.totals.total) return null
    const token = await makeCardToken(view.value.card, form.card)
    Object.assign(form.card, emptyCard())
    return token
  }

  /** Gives up the open attempt; cart, address and delivery stay. */
  const chooseAnotherWay = () => attempt('cancel', () => store.act('CANCEL_PAYMENT'))
  const reopen = () => attempt('cancel', () => store.act('REOPEN_ORDER'))

  /** Choices that were made before the script was there have not reached the server yet. */
  async function bringChoices(): Promise<void> {
    const { delivery, payment, needsDelivery } = view.value
    const wanted = deliveryData()
    const known =
      delivery &&
      wanted &&
      wanted.type === delivery.type &&
      (wanted.companyName ?? null) === delivery.companyName &&
      (wanted.pointId ?? null) === delivery.pointId &&
      (wanted.slotId ?? null) === delivery.slotId &&
      wanted.costConfirmed === delivery.costConfirmed
    if (needsDelivery && wanted && !known) await store.act('SELECT_LOGISTIC_METHOD', wanted)
    const method = chosenMethod()
    if (method && (method.gateway !== payment?.gateway || method.method !== payment.method)) {
      await store.act('SELECT_PAYMENT_METHOD', { gateway: method.gateway, method: method.method })
    }
  }

  function deliveryData(): DeliveryChoice | null {
    const [type, ...rest] = form.delivery.value.split(':')
    const name = rest.join(':')
    if (type === 'pickup') return { type, pointId: name, costConfirmed: true }
    if (type !== 'courier') return null
    const offer = view.value.couriers.find(({ companyName }) => companyName === name)
    const slot = offer?.slots.find(({ id, full }) => id === form.slot.value && !full)
    return {
      type,
      companyName: name,
      ...(slot && { slotId: slot.id }),
      // What costs nothing needs no consent.
      costConfirmed: form.costAccepted.value || offer?.cost === 0,
    }
  }

  const chosenMethod = () =>
    view.value.methods.find(({ gateway, method }) => `${gateway}:${method}` === form.method.value)

  async function attempt(what: typeof busy.value, work: () => Promise<unknown>): Promise<boolean> {
    // A quick change of mind about the delivery is simply sent after the first choice.
    if (busy.value && what !== 'delivery') return false
    busy.value = what
    failure.value = ''
    try {
      await work()
      return true
    } catch (error) {
      await explain(error)
      return false
    } finally {
      busy.value = ''
    }
  }

  /** A conflict has its own dialog; what names a field goes beside it; the rest is said in words. */
  async function explain(error: unknown): Promise<void> {
    if (!(error instanceof Refusal)) throw error
    if (store.conflict.value || error.code === 'payment.declined') return
    const fields = problemFields(error.details)
    if (fields.length) {
      for (const field of fields) form.problems[`address-${field}`] = 'checkout.address.wrong'
      form.editingAddress.value = true
      return focusFirst(fields.map((field) => `address-${field}`))
    }
    failure.value = error.code
    if (error.code === 'offline') await store.refresh().catch(() => {})
  }

  async function showAllProblems(): Promise<boolean> {
    const order = view.value
    const wrong: Record<string, string | undefined> = {}
    if (order.needsDelivery) {
      for (const [name, key] of Object.entries(addressProblems(form.address))) wrong[`address-${name}`] = key
      if (order.address) Object.assign(wrong, deliveryProblems(order))
    }
    if (order.totals.total > 0) {
      const method = chosenMethod()
      if (!method) wrong['method'] = 'checkout.method.choose'
      if (method?.needsCardToken) {
        const found = cardProblems(form.card, Date.parse(order.now))
        for (const [name, key] of Object.entries(found)) wrong[`card-${name}`] = key
      }
    }
    return showProblems('', wrong)
  }

  function deliveryProblems(order: OrderView): Record<string, string> {
    const data = deliveryData()
    if (!data) return { delivery: 'checkout.delivery.choose' }
    const gone =
      data.type === 'courier' && !order.couriers.some(({ companyName }) => companyName === data.companyName)
    if (gone) return { delivery: 'checkout.delivery.choose' }
    return data.costConfirmed ? {} : { 'cost-accepted': 'checkout.delivery.mustAccept' }
  }

  /** Shows what is wrong beside its field and takes the customer to the first. True when there is something. */
  async function showProblems(prefix: string, wrong: Record<string, string | undefined>): Promise<boolean> {
    const named = Object.entries(wrong).map(
      ([name, key]) => [prefix ? `${prefix}-${name}` : name, key] as const,
    )
    for (const name of Object.keys(form.problems)) {
      if (!prefix || name.startsWith(`${prefix}-`)) delete form.problems[name]
    }
    for (const [name, key] of named) if (key) form.problems[name] = key
    if (!named.length) return false
    if (named.some(([name]) => name.startsWith('address-'))) form.editingAddress.value = true
    await focusFirst(named.map(([name]) => name))
    return true
  }

  return { busy, failure, saveAddress, chooseDelivery, pay, payAgain, chooseAnotherWay, reopen, chosenMethod }
}

/** Fields of the address that the server found wrong. */
function problemFields(details: unknown): string[] {
  if (!Array.isArray(details)) return []
  return details
    .map((problem: { field?: unknown }) => /^address\.(\w+)$/.exec(String(problem.field))?.[1])
    .filter((field): field is string => field !== undefined)
}

/** To the first of them as the page shows them, which is not the order in which they were found. */
async function focusFirst(ids: string[]): Promise<void> {
  await nextTick()
  const [first] = ids
    .map((id) => document.getElementById(id))
    .filter((element) => element !== null)
    .sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))
  first?.focus()
}
