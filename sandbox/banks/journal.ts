import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The orders of a simulated bank, oldest first. */
export interface Journal<Order extends { id: string }> {
  get(id: string): Order | undefined
  all(): Order[]
  /** Puts an order in, or writes down that it has changed. */
  save(order: Order): void
}

/** Everything in memory; with a file the bank still knows its orders after a restart, as the real one would. */
export function createJournal<Order extends { id: string }>(file?: string): Journal<Order> {
  const orders = new Map<string, Order>()
  if (file) for (const order of readLines<Order>(file)) orders.set(order.id, order)
  return {
    get: (id) => orders.get(id),
    all: () => [...orders.values()],
    save(order) {
      orders.set(order.id, order)
      if (file) appendFileSync(file, `${JSON.stringify(order)}\n`)
    },
  }
}

function readLines<Order>(file: string): Order[] {
  mkdirSync(dirname(file), { recursive: true })
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Order]
      } catch {
        // The last line of a killed process may be cut off: what it said was never answered.
        return []
      }
    })
}
