/** What a sender has begun and nobody waits for: deliveries on their way, and pauses before the next try. */
export interface Underway {
  track<Result>(work: Promise<Result>): Promise<Result>
  /** Waits so many milliseconds, or until it is closed. */
  pause(milliseconds: number): Promise<void>
  /** Resolves when nothing is under way any more, further tries included. */
  settled(): Promise<void>
  /** Aborted once it is closed: nothing is sent after that. */
  closed: AbortSignal
  /** Ends every pause. */
  close(): void
}

export function createUnderway(): Underway {
  const begun = new Set<Promise<unknown>>()
  const pauses = new Set<() => void>()
  const closing = new AbortController()

  return {
    track(work) {
      const done = work.finally(() => begun.delete(done))
      begun.add(done)
      return done
    },
    pause: (milliseconds) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          pauses.delete(end)
          resolve()
        }
        const timer = setTimeout(end, milliseconds)
        timer.unref()
        pauses.add(end)
      }),
    async settled() {
      while (begun.size > 0) await Promise.allSettled(begun)
    },
    closed: closing.signal,
    close() {
      closing.abort()
      for (const end of pauses) end()
    },
  }
}
