import { onBeforeUnmount, onMounted, ref } from 'vue'
import type { OrderView } from '../../../server/pipeline/contract.ts'
import type { OrderStore } from './order.ts'

/** States that end by themselves: somebody pays, the shop confirms, money goes back. */
const waiting = ['AWAITING_PAYMENT', 'PAID', 'CONFIRMING', 'COMPENSATING', 'MANUAL_REVIEW']
const FIRST_PAUSE = 2000
const LONGEST_PAUSE = 15_000
const QUICK_TRIES = 30

/**
 * Follows the order by itself: every two seconds while something is about to happen, then slower, and at once when
 * the customer comes back to the page. The truth is on the server; this only keeps the page from being late.
 */
export function useFollowing(store: OrderStore) {
  const asking = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  let gone = false

  async function look(deeply: boolean): Promise<void> {
    if (asking.value) return
    asking.value = true
    clearTimeout(timer)
    try {
      await (deeply ? store.check() : store.refresh())
    } catch {
      // Being offline is shown by the store; anything else is tried again.
    } finally {
      asking.value = false
      plan(store.view.value)
    }
  }

  function plan(order: OrderView): void {
    clearTimeout(timer)
    if (gone || document.hidden || !(waiting.includes(order.state) || store.offline.value)) return
    tries += 1
    const pause = tries < QUICK_TRIES ? FIRST_PAUSE : FIRST_PAUSE * 1.2 ** (tries - QUICK_TRIES)
    timer = setTimeout(() => void look(false), Math.min(pause, LONGEST_PAUSE))
  }

  function comeBack(): void {
    if (document.hidden) return
    tries = 0
    void look(true)
  }

  function fromCache(event: PageTransitionEvent): void {
    if (event.persisted) comeBack()
  }

  onMounted(() => {
    document.addEventListener('visibilitychange', comeBack)
    window.addEventListener('pageshow', fromCache)
    window.addEventListener('online', comeBack)
    plan(store.view.value)
  })
  onBeforeUnmount(() => {
    gone = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', comeBack)
    window.removeEventListener('pageshow', fromCache)
    window.removeEventListener('online', comeBack)
  })

  return {
    /** True while the server is being asked. */
    asking,
    /** "Check again": asks the gateway too. */
    checkAgain: () => {
      tries = 0
      return look(true)
    },
    /** After something has been sent that will take its time. */
    restart: () => {
      tries = 0
      plan(store.view.value)
    },
  }
}
