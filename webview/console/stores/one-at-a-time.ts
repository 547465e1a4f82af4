/**
 * Makes a call of something that fetches: while it is under way, any number of further calls are one more afterwards.
 * So the answer that comes last is the newest. Waits `pause` milliseconds before each, for events that come together.
 */
export function oneAtATime(work: () => Promise<unknown>, pause = 0): () => void {
  let state: 'idle' | 'waiting' | 'busy' | 'again' = 'idle'

  async function run(): Promise<void> {
    state = 'busy'
    try {
      await work()
    } finally {
      const more = (state as string) === 'again'
      state = 'idle'
      if (more) call()
    }
  }

  function call(): void {
    if (state === 'busy') state = 'again'
    if (state !== 'idle') return
    state = 'waiting'
    setTimeout(() => void run(), pause)
  }
  return call
}
