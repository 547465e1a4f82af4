import { computed, onBeforeUnmount, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { listOrders, packOrder } from '../api/orders.ts'
import { afterTyping, usePages } from '../parts/pages.ts'
import { useLive } from '../stores/live.ts'
import { attempt } from '../stores/notices.ts'

export const orderFilters = [
  '',
  'AWAITING_PAYMENT',
  'PAID',
  'CONFIRMED',
  'FULFILLING',
  'DELIVERED',
  'MANUAL_REVIEW',
  'CANCELED',
  'EXPIRED',
  'DRAFT',
] as const

/** The orders of the shop; the filter is in the address. */
export function useOrders() {
  const route = useRoute()
  const router = useRouter()
  const q = ref(String(route.query['q'] ?? ''))
  const state = ref(String(route.query['state'] ?? ''))
  const pages = usePages((cursor) => listOrders({ state: state.value, q: q.value.trim(), cursor }))

  function apply(): void {
    const query = { ...(q.value.trim() && { q: q.value.trim() }), ...(state.value && { state: state.value }) }
    void router.replace({ query })
    void pages.load()
  }
  watch(state, apply)
  watch(q, afterTyping(apply))
  followOrders(pages.load)

  return { q, state, ...pages }
}

/** What is paid and has not left yet: to be packed, and packed. */
export function useToPack() {
  const picking = ref<'OPEN' | 'PICKED'>('OPEN')
  const pages = usePages((cursor) => listOrders({ picking: 'open', cursor }))
  const shown = computed(() => pages.rows.value.filter((row) => row.picking === picking.value))
  followOrders(pages.load)

  async function pack(id: string): Promise<void> {
    await attempt(() => packOrder(id))
    await pages.load()
  }

  return { picking, shown, pack, ...pages }
}

/** Orders change while one looks at the list; many at once are one request. */
function followOrders(load: () => Promise<void>): void {
  const live = useLive()
  const soon = afterTyping(() => void load(), 400)
  const stops = [live.on('order', soon), live.onConnected(soon)]
  onBeforeUnmount(() => {
    for (const stop of stops) stop()
  })
}
