import { isAway } from './away.ts'

interface Waiting<T, R> {
  item: T
  resolve(result: R): void
  reject(error: unknown): void
}

/**
 * Makes much small work little: items that come while others are worked on are taken up together, `most` at a time in
 * each of so many `lanes`, and never two of one key at once. A group that fails is worked through again one by one, so
 * that nobody fails for another's sake: the work must leave nothing behind when it throws, as a transaction does.
 */
export function inGroups<T, R>(
  work: (items: T[]) => Promise<R[]>,
  { lanes, most, keyOf }: { lanes: number; most: number; keyOf(item: T): string },
): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = []
  const inHand = new Set<string>()
  let underWay = 0

  function next(): void {
    while (underWay < lanes) {
      const group = take()
      if (!group.length) return
      underWay += 1
      void finish(group).then(() => {
        underWay -= 1
        for (const { item } of group) inHand.delete(keyOf(item))
        next()
      })
    }
  }

  function take(): Waiting<T, R>[] {
    const group: Waiting<T, R>[] = []
    waiting = waiting.filter((one) => {
      const key = keyOf(one.item)
      if (group.length === most || inHand.has(key)) return true
      inHand.add(key)
      group.push(one)
      return false
    })
    return group
  }

  /** Never throws. */
  async function finish(group: Waiting<T, R>[]): Promise<void> {
    try {
      const results = await work(group.map(({ item }) => item))
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as R)
    } catch (error) {
      if (group.length > 1 && !isAway(error)) for (const one of group) await finish([one])
      else for (const { reject } of group) reject(error)
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      // Once all of this turn are there.
      setImmediate(next)
    })
}
