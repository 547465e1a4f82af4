import { isAway } from './away.ts'

interface Waiting<T, R> {
  item: T
  key: string
  resolve(result: R): void
  reject(error: unknown): void
}

/** Does the work of some items, all or none; `alone` when one of them is worked through by itself after a failure. */
type Work<T, R> = (items: T[], alone: boolean) => Promise<R[]>

/**
 * Makes much small work little: items that come while others are worked on are taken up together, `most` at a time in
 * each of so many `lanes`, and never two of one key at once. What fails is worked through again one by one, beside the
 * lanes, so that nobody fails or waits for another's sake: the work must leave nothing behind when it throws, as a
 * transaction does.
 */
export function inGroups<T, R>(
  work: Work<T, R>,
  { lanes, most, keyOf }: { lanes: number; most: number; keyOf(item: T): string },
): (item: T) => Promise<R> {
  /** Nobody of their keys is before them. */
  let ready: Waiting<T, R>[] = []
  /** Of each key that is ready or in hand, those who wait behind. */
  const behind = new Map<string, Waiting<T, R>[]>()
  let underWay = 0

  function next(): void {
    while (underWay < lanes && ready.length) {
      const group = ready.slice(0, most)
      ready = ready.slice(most)
      underWay += 1
      void finish(group, false).then(() => {
        underWay -= 1
        next()
      })
    }
  }

  /** Never throws. */
  async function finish(group: Waiting<T, R>[], alone: boolean): Promise<void> {
    try {
      const results = await work(
        group.map(({ item }) => item),
        alone,
      )
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as R)
    } catch (error) {
      if (!alone && !isAway(error)) {
        for (const one of group) void finish([one], true)
        return
      }
      for (const { reject } of group) reject(error)
    }
    for (const { key } of group) leave(key)
  }

  function leave(key: string): void {
    const following = behind.get(key)?.shift()
    if (!following) {
      behind.delete(key)
      return
    }
    ready.push(following)
    setImmediate(next)
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const one = { item, key: keyOf(item), resolve, reject }
      const before = behind.get(one.key)
      if (before) {
        before.push(one)
        return
      }
      behind.set(one.key, [])
      ready.push(one)
      // Once all of this turn are there.
      setImmediate(next)
    })
}
