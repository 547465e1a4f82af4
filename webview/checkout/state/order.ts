import { computed, type InjectionKey, inject, ref, shallowRef } from 'vue'
import type {
  ActionName,
  ConflictDetails,
  Next,
  OrderView,
  ShopView,
} from '../../../server/pipeline/contract.ts'
import { ask, conflictOf, Refusal } from './api.ts'
import type { Boot, ResultAnswer } from './boot.ts'
import { differences, needsAlert } from './changes.ts'
import type { Proof } from './chat.ts'

/** The answer to the confirmation: the order, and what the customer does next. */
export interface Confirmed {
  order: OrderView
  next: Next
}

export type OrderStore = ReturnType<typeof createOrder>
export const orderKey: InjectionKey<OrderStore> = Symbol('order')

export function useOrder(): OrderStore {
  const store = inject(orderKey)
  if (!store) throw new Error('No order: provide orderKey where the page is made')
  return store
}

/**
 * The order as the server last told it, and everything that is asked of the server about it. Whatever the customer
 * types is kept elsewhere, so a new view of the order never takes it away.
 */
export function createOrder(boot: Boot) {
  const view = shallowRef(boot.order as OrderView)
  /** Whether this browser may act on the order, or merely look at the result. */
  const mayAct = ref(boot.kind === 'checkout')
  const offline = ref(false)
  const conflict = shallowRef<(ConflictDetails & { code: string }) | null>(null)
  const shop: ShopView = boot.shop
  const link = boot.kind === 'checkout' && typeof location === 'object' ? location.pathname : null
  const resultKey = boot.kind === 'result' && typeof location === 'object' ? lastPart() : null
  let opening: Promise<void> | null = null
  let last: Promise<unknown> = Promise.resolve()

  /** Takes the server's view over, unless a newer one has arrived meanwhile. */
  function show(order: OrderView): OrderView {
    const fresh = order.version >= view.value.version || order.state !== view.value.state
    if (fresh && Date.parse(order.now) >= Date.parse(view.value.now)) view.value = order
    return view.value
  }

  /** Opens the visit: only now does the shop count the page as seen. Safe to repeat. */
  function open(): Promise<void> {
    opening ??= begin().catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }

  async function begin(): Promise<void> {
    if (link) {
      show((await request<{ order: OrderView }>('POST', `${link}/open`, {})).order)
      mayAct.value = true
      return
    }
    if (!boot.known) return
    // Back from the bank in the browser that left: it may go on.
    show(await request<OrderView>('GET', `/api/pipeline/${view.value.id}`))
    mayAct.value = true
  }

  async function refresh(): Promise<OrderView> {
    if (mayAct.value) return show(await visit<OrderView>('GET', `/api/pipeline/${view.value.id}`))
    if (!resultKey) return view.value
    return show((await request<ResultAnswer>('GET', `/api/results/${resultKey}`)).order)
  }

  /** One step of the pipeline. Throws a Refusal; the order that came with it, and what changed, is shown already. */
  async function act(action: ActionName, data: object = {}): Promise<OrderView> {
    await change<OrderView>(action, data)
    return view.value
  }

  /** The key makes a second send of the same confirmation harmless. */
  function confirm(data: object, key: string): Promise<Confirmed> {
    return change<Confirmed>('CONFIRM_PAYMENT_SELECTION', data, { 'Idempotency-Key': key })
  }

  /** Asks the gateway too, for somebody who says that they have paid, or is back from the bank. */
  async function check(): Promise<OrderView> {
    if (view.value.state !== 'AWAITING_PAYMENT') return refresh()
    if (mayAct.value) return act('CHECK_PAYMENT')
    return show((await request<ResultAnswer>('POST', `/api/results/${resultKey}/check`, {})).order)
  }

  /** Shows who is there, by what LINE or Messenger has signed; the server checks it. */
  async function identify(proof: Proof): Promise<void> {
    show(await visit<OrderView>('POST', `/api/pipeline/${view.value.id}/identify`, proof))
  }

  function change<Answer>(action: string, data: object, headers?: Record<string, string>): Promise<Answer> {
    // One after another: each step names the version that the one before it has answered.
    const mine = last.then(() => send<Answer>(action, data, headers))
    last = mine.catch(() => {})
    return mine
  }

  async function send<Answer>(
    action: string,
    data: object,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    const path = `/api/pipeline/${view.value.id}/${action}`
    try {
      const body = { version: view.value.version, ...data }
      const answer = await visit<Answer & { order?: OrderView }>('POST', path, body, headers)
      show(answer.order ?? (answer as unknown as OrderView))
      return answer
    } catch (error) {
      const details = conflictOf(error)
      if (details) takeConflict(details, (error as Refusal).code)
      throw error
    }
  }

  function takeConflict({ order, changes }: ConflictDetails, code: string): void {
    const told = changes.length ? changes : differences(view.value, order)
    view.value = order
    if (needsAlert(code, told)) conflict.value = { order, changes: told, code }
  }

  /** Asks within a visit; one that has ended meanwhile is opened anew from the link. */
  async function visit<Answer>(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    await open()
    try {
      return await request<Answer>(method, path, body, headers)
    } catch (error) {
      const ended = error instanceof Refusal && (error.status === 401 || error.status === 404)
      if (!ended || !link) throw error
      opening = null
      await open()
      return request<Answer>(method, path, body, headers)
    }
  }

  async function request<Answer>(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    try {
      const answer = await ask<Answer>(method, path, body, headers)
      offline.value = false
      return answer
    } catch (error) {
      offline.value = error instanceof Refusal && error.code === 'offline'
      throw error
    }
  }

  return {
    view,
    shop,
    mayAct: computed(() => mayAct.value),
    /** The customer has just given up at the gateway's page, which has told us nothing more of it. */
    gaveUp: computed(() => boot.left && view.value.attempt?.state === 'PENDING'),
    offline,
    conflict,
    open,
    refresh,
    check,
    act,
    confirm,
    wantsProof: () => mayAct.value && !view.value.proven,
    identify,
  }
}

const lastPart = () => location.pathname.split('/').pop() ?? ''
