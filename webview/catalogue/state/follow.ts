import { onBeforeUnmount, onMounted } from 'vue'
import type { Catalogue } from './catalogue.ts'

const PAUSE = 10_000

/** Keeps the cart as it is on the server: at once when the customer comes back, and while they look at it. */
export function useFollowing(catalogue: Catalogue): void {
  let timer: ReturnType<typeof setInterval> | undefined

  function look(): void {
    // A failure is shown where something is wanted, not while merely looking.
    if (!document.hidden && !catalogue.busy.value) catalogue.lookAtCart().catch(() => {})
  }
  function fromCache(event: PageTransitionEvent): void {
    if (event.persisted) look()
  }
  const back = () => void catalogue.followAddress()

  onMounted(() => {
    timer = setInterval(() => catalogue.place.value.view === 'cart' && look(), PAUSE)
    document.addEventListener('visibilitychange', look)
    window.addEventListener('pageshow', fromCache)
    window.addEventListener('popstate', back)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
    window.removeEventListener('pageshow', fromCache)
    window.removeEventListener('popstate', back)
  })
}
