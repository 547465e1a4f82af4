/** The time of the simulated world: the real one, plus whatever a test has moved it by. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Moves the whole simulated world forward, so that tokens expire without anybody waiting. */
  advance(milliseconds: number): void
}

export function createClock(): Clock {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    advance(milliseconds) {
      ahead += milliseconds
    },
  }
}
