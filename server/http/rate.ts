import { AppError } from './errors.ts'

const WINDOW = 60_000
/** A flood from very many addresses empties the memory of the current minute rather than filling ours. */
const MOST_KEYS = 100_000

export interface RateLimits {
  /** Counts one call; throws a 429 that says when to come back once `perMinute` is passed. */
  take(name: string, key: string, perMinute: number): void
}

/** Limits of one process, in windows of a minute. */
export function createRateLimits(now: () => number = Date.now): RateLimits {
  let counts = new Map<string, number>()
  let windowEnds = 0
  return {
    take(name, key, perMinute) {
      const time = now()
      if (time >= windowEnds || counts.size > MOST_KEYS) {
        counts = new Map()
        windowEnds = time + WINDOW
      }
      const id = `${name} ${key}`
      const count = (counts.get(id) ?? 0) + 1
      counts.set(id, count)
      if (count <= perMinute) return
      const seconds = Math.max(1, Math.ceil((windowEnds - time) / 1000))
      throw new AppError('rate.limited', `Too many tries. Wait ${seconds} seconds and try again.`, {
        status: 429,
        details: { retryAfter: seconds },
      })
    },
  }
}

/** No limits: for benches and tests on loopback. */
export const noRateLimits: RateLimits = { take() {} }
