const PATIENCE = 10_000

interface Place<Thing> {
  all(): Thing[]
  /** Calls back after every change; returns the function that stops it. */
  onChange(listener: () => void): () => void
  /** One thing in a line, for the words of a failure. */
  describe(thing: Thing): string
}

/**
 * Waits until a thing fits, and returns the first that does; at most 10 s unless `patience` (ms) says otherwise. Throws
 * with what there is.
 */
export function waitForOne<Thing>(
  { all, onChange, describe }: Place<Thing>,
  fits: (thing: Thing) => boolean,
  patience = PATIENCE,
): Promise<Thing> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const thing = all().find(fits)
      if (!thing) return
      clearTimeout(timer)
      stop()
      resolve(thing)
    }
    const stop = onChange(look)
    const timer = setTimeout(() => {
      stop()
      const seen = all().map(describe).join('\n')
      reject(new Error(`Nothing fitting came within ${patience} ms. There is:\n${seen}`))
    }, patience)
    look()
  })
}
