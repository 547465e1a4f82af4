import { TryLater } from '../../channel.ts'

const shortestMs = 5000
const longestMs = 300_000

export interface BackOff {
  /** Throws `TryLater` while Meta wants fewer calls: for the page as a whole, so asking for another person is no use. */
  check(): void
  /** Too many calls: nothing is sent for so long, and twice as long when it happens again. */
  hold(ms: number): void
  release(): void
}

export function createBackOff(): BackOff {
  let until = 0
  let length = 0
  return {
    check() {
      const wait = until - Date.now()
      if (wait > 0) throw new TryLater(wait, 'Messenger asked for fewer calls')
    },
    hold(ms) {
      length = Math.min(Math.max(ms, length * 2, shortestMs), longestMs)
      until = Date.now() + length
    },
    release() {
      until = 0
      length = 0
    },
  }
}
