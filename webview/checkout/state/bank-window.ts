import { onBeforeUnmount, ref } from 'vue'

/** Known to the page that comes back into the window: it may close it. */
const NAME = 'Payment'
const SIZE = 'width=600,height=400,resizable=yes,location=no'
const LOOK_EVERY = 500
/** The bank may still be writing when its window goes. */
const SETTLE = 300

/** Browsers inside apps have no windows, or open them where nobody finds back. */
export const isInApp = (userAgent: string): boolean =>
  /\bLine\/|\bFB(AN|AV|_IAB)\b|MessengerForiOS|Instagram|; wv\)/.test(userAgent)

/**
 * The bank's page in a window beside ours. Its closing says nothing about the payment: `whenClosed` asks, once for each
 * window. Where there are no windows the bank's page takes the place of ours, and comes back to it.
 */
export function useBankWindow(whenClosed: () => void) {
  const state = ref<'never' | 'open' | 'closed'>('never')
  let bank: Window | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  function open(url: string): void {
    if (state.value === 'open' && bank && !bank.closed) {
      bank.focus()
      return
    }
    bank = isInApp(navigator.userAgent) ? null : window.open(url, NAME, SIZE)
    if (!bank) {
      location.assign(url)
      return
    }
    state.value = 'open'
    clearInterval(timer)
    timer = setInterval(look, LOOK_EVERY)
  }

  function look(): void {
    if (!bank?.closed) return
    clearInterval(timer)
    state.value = 'closed'
    setTimeout(whenClosed, SETTLE)
  }

  onBeforeUnmount(() => clearInterval(timer))
  return { state, open }
}

/** Back from the bank within its window: that window has done its work. */
export function closeBankWindow(): void {
  if (window.name === NAME && window.opener) window.close()
}
