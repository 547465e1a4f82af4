import { onBeforeUnmount, onMounted, ref, watch } from 'vue'
import type { OrderStore } from './order.ts'

/**
 * The server's time in milliseconds, every second. A phone's own clock may be wrong, so only its pace is trusted.
 * Before the page is alive it stands at the moment that the server wrote into it.
 */
export function useServerTime({ view }: OrderStore) {
  const time = ref(Date.parse(view.value.now))
  let ahead = 0
  let timer: ReturnType<typeof setInterval> | undefined
  const compare = () => {
    ahead = Date.parse(view.value.now) - Date.now()
  }
  const tick = () => {
    time.value = Date.now() + ahead
  }
  onMounted(() => {
    compare()
    timer = setInterval(tick, 1000)
  })
  onBeforeUnmount(() => clearInterval(timer))
  watch(view, () => {
    compare()
    tick()
  })
  return time
}
