import { computed, type InjectionKey, inject, ref } from 'vue'
import type { OfferedMethod } from '../../../server/payment/contract.ts'
import type { Next } from '../../../server/pipeline/contract.ts'
import { addressProblems } from './address-problems.ts'
import { Refusal } from './api.ts'
import { emptyCard } from './card.ts'
import { contactData } from './contact.ts'
import { shownContext, shownGoods } from './context.ts'
import { deliveryChoice, isChosen } from './delivery-choice.ts'
import { addressData, type CheckoutForm } from './form.ts'
import { makeCardToken } from './omise.ts'
import type { OrderStore } from './order.ts'
import { findProblems, problemsFrom, showDecline, showProblems, under } from './problems.ts'

export type Checkout = ReturnType<typeof createCheckout>
export const checkoutKey: InjectionKey<Checkout> = Symbol('checkout')

export function useCheckout(): Checkout {
  const checkout = inject(checkoutKey)
  if (!checkout) throw new Error('No checkout: provide checkoutKey where the page is made')
  return checkout
}

/** The steps from what the customer has typed to what they do next. */
export function createCheckout(store: OrderStore, form: CheckoutForm, goTo: (next: Next) => void) {
  const { view } = store
  /** What is being done, for the button: nothing while the customer can act. */
  const busy = ref<'' | 'address' | 'delivery' | 'pay' | 'cancel'>('')
  /** Ends when what is being done has ended: whether it went well. */
  let underWay = Promise.resolve(true)
  /** Pay was tapped while a choice was being taken over. */
  const waiting = ref(false)
  const paying = computed(() => waiting.value || busy.value === 'pay')
  /** What went wrong that belongs to no field: a code that the screen has words for. */
  const failure = ref('')

  /** UPDATE_DELIVERY_ADDRESS: the answer brings the deliveries and costs for this address. */
  async function saveAddress(): Promise<boolean> {
    if (await showProblems(form, under('address', addressProblems(form.address)))) return false
    return attempt('address', async () => {
      await sendAddress()
      form.editingAddress.value = false
    })
  }

  const sendAddress = () => store.act('UPDATE_DELIVERY_ADDRESS', { address: addressData(form.address) })

  /** SELECT_LOGISTIC_METHOD: the total that follows is the server's. */
  async function chooseDelivery(): Promise<boolean> {
    const choice = deliveryChoice(view.value, form)
    if (!choice) return false
    delete form.problems['delivery']
    delete form.problems['cost-accepted']
    return attempt('delivery', () => store.act('SELECT_LOGISTIC_METHOD', choice))
  }

  /** The confirmation as seed 1 draws it: address, context, stock, and then the payment itself. */
  async function pay(): Promise<void> {
    if (paying.value || !(await choicesTaken())) return
    // An address that is complete but was not taken over yet: it brings the deliveries to choose from.
    const { needsDelivery, address } = view.value
    const isNew = needsDelivery && !address && !Object.keys(addressProblems(form.address)).length
    if (isNew && !(await saveAddress())) return
    if (await showProblems(form, findProblems(view.value, form, chosenMethod()))) return

    await attempt('pay', async () => {
      const seen = shownGoods(view.value)
      await sendChoices()
      const shown = { ...shownContext(view.value, form.address), ...seen }
      if (needsDelivery) await sendAddress()
      if (view.value.needsContact) {
        await store.act('UPDATE_CONTACT', { contact: contactData(form.contact) })
      }
      await confirm(shown)
    })
  }

  /**
   * A tap right after a choice is not lost: it goes on when the choice is there, and comes to nothing with it. Nor does
   * it go on behind a dialog that tells of an earlier one, or a second time.
   */
  async function choicesTaken(): Promise<boolean> {
    let went = true
    waiting.value = true
    while (isChoosing() && went) went = await underWay.catch(() => false)
    waiting.value = false
    return went && !busy.value && !store.conflict.value
  }

  const isChoosing = () => busy.value === 'address' || busy.value === 'delivery'

  /** Pays the same way once more: a new QR for one that has run out. */
  async function payAgain(): Promise<void> {
    await attempt('pay', async () => {
      if (view.value.state === 'AWAITING_PAYMENT') await store.act('CHECK_PAYMENT')
      if (view.value.state === 'AWAITING_PAYMENT') await store.act('CANCEL_PAYMENT')
      if (view.value.state === 'DRAFT') await confirm(shownContext(view.value, form.address))
    })
  }

  async function confirm(shown: object): Promise<void> {
    await store.act('VERIFY_ORDER_CONTEXT', shown)
    await store.act('CHECK_PRODUCT_SUFFICIENT')
    const cardToken = await cardTokenIfNeeded()
    const remember = form.rememberCard.value && view.value.proven && { rememberCard: true }
    const { next } = await store.confirm(cardToken ? { cardToken, ...remember } : {}, crypto.randomUUID())
    goTo(next)
  }

  async function cardTokenIfNeeded(): Promise<string | null> {
    if (!chosenMethod()?.needsCardToken || !view.value.card || !view.value.totals.total) return null
    const token = await makeCardToken(view.value.card, form.card)
    Object.assign(form.card, emptyCard())
    return token
  }

  /** The way to pay is sent with the confirmation; a delivery chosen before the script was there, too. */
  async function sendChoices(): Promise<void> {
    const { payment, needsDelivery } = view.value
    const choice = deliveryChoice(view.value, form)
    if (needsDelivery && choice && !isChosen(view.value, choice)) {
      await store.act('SELECT_LOGISTIC_METHOD', choice)
    }
    const method = chosenMethod()
    if (!method) return
    const tokenId = method.savedCard ?? null
    const same = method.gateway === payment?.gateway && method.method === payment.method
    if (same && tokenId === (view.value.savedCard ?? null)) return
    await store.act('SELECT_PAYMENT_METHOD', {
      gateway: method.gateway,
      method: method.method,
      ...(tokenId && { tokenId }),
    })
  }

  /** The way that was chosen; a kept card needs no token. */
  function chosenMethod(): (OfferedMethod & { savedCard?: string }) | undefined {
    const [gateway, method, savedCard] = form.method.value.split(':')
    const offered = view.value.methods.find((one) => one.gateway === gateway && one.method === method)
    if (!offered || !savedCard) return offered
    const kept = view.value.savedCards?.some(({ id }) => id === savedCard)
    return kept ? { ...offered, needsCardToken: false, savedCard } : undefined
  }

  /** Gives up the open attempt; cart, address and delivery stay. Its gateway may say "expired", but nobody waits for it. */
  const chooseAnotherWay = () =>
    attempt('cancel', async () => {
      await store.act('CANCEL_PAYMENT')
      if (view.value.state === 'DRAFT') form.again.value = true
    })

  /** An order that has run out: back to its form, with prices as they are now. */
  const reopen = () =>
    attempt('cancel', async () => {
      await store.act('REOPEN_ORDER')
      form.again.value = true
    })

  async function attempt(what: typeof busy.value, work: () => Promise<unknown>): Promise<boolean> {
    // A quick change of mind about the delivery is simply sent after the first choice; not within a payment.
    if (busy.value && !(what === 'delivery' && isChoosing())) return false
    busy.value = what
    failure.value = ''
    const mine = endOf(work)
    underWay = mine
    try {
      return await mine
    } finally {
      if (underWay === mine) busy.value = ''
    }
  }

  async function endOf(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      await explain(error)
      return false
    }
  }

  /** A conflict has its own dialog; what names a field goes beside it; the rest is said in words. */
  async function explain(error: unknown): Promise<void> {
    if (!(error instanceof Refusal)) throw error
    if (store.conflict.value) return
    if (error.code === 'payment.declined') return showDecline()
    if (await showProblems(form, problemsFrom(error.details))) return
    failure.value = error.code
    if (error.code === 'offline') await store.refresh().catch(() => {})
  }

  return {
    busy,
    paying,
    failure,
    saveAddress,
    chooseDelivery,
    pay,
    payAgain,
    chooseAnotherWay,
    reopen,
    chosenMethod,
  }
}
