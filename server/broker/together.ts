/**
 * Makes many small writes few: the items of calls that come while a write is under way go with the next one. Each call
 * resolves, or throws, with the write that its items went with.
 */
export function together<T>(write: (items: T[]) => Promise<void>): (items: T[]) => Promise<void> {
  let next: { items: T[]; done: Promise<void> } | null = null
  let last: Promise<void> = Promise.resolve()

  return (items) => {
    if (next) {
      next.items.push(...items)
      return next.done
    }
    const batch = { items: [...items], done: Promise.resolve() }
    batch.done = last
      .catch(() => undefined)
      .then(() => {
        next = null
        return write(batch.items)
      })
    next = batch
    last = batch.done
    return batch.done
  }
}
