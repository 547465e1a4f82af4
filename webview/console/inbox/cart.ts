import { onBeforeUnmount, ref, watch } from 'vue'
import * as api from '../api/conversations.ts'
import { useLive } from '../stores/live.ts'
import { attempt } from '../stores/notices.ts'
import { oneAtATime } from '../stores/one-at-a-time.ts'

/** Customers tap + several times in a row. */
const PAUSE = 150

/** What the customer of a conversation is putting into the cart, as it goes on; null when there is nothing. */
export function useFilledCart(conversationId: () => string | null) {
  const cart = ref<api.FilledCart | null>(null)
  const live = useLive()

  async function load(): Promise<void> {
    const wanted = conversationId()
    const found = wanted ? await attempt(() => api.findCart(wanted)) : null
    if (conversationId() === wanted) cart.value = found?.cart ?? null
  }
  const soon = oneAtATime(load, PAUSE)

  watch(
    conversationId,
    () => {
      cart.value = null
      soon()
    },
    { immediate: true },
  )
  const ends = [
    live.on('order', (changed) => {
      if (changed.conversationId === conversationId()) soon()
    }),
    live.onConnected(soon),
  ]
  onBeforeUnmount(() => {
    for (const end of ends) end()
  })
  return cart
}
