import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { EventRecord, PaymentRecord, SessionRecord } from './records.ts'

interface Tables {
  sessions: Map<string, SessionRecord>
  payments: Map<string, PaymentRecord>
  events: Map<string, EventRecord>
}

export interface Store extends Tables {
  /** Puts a record in, or writes down that it has changed. */
  save(table: keyof Tables, record: { id: string }): void
  clear(): void
}

const mostEvents = 5000

/**
 * Everything in memory, in the order of creation. With a file every change is also appended to it, so that the
 * "platform" still knows its payments after ours was killed, as the real one would.
 */
export function createStore(file?: string): Store {
  const tables: Tables = { sessions: new Map(), payments: new Map(), events: new Map() }
  const put = (table: keyof Tables, record: { id: string }) => {
    ;(tables[table] as Map<string, { id: string }>).set(record.id, record)
  }
  if (file) restore(file, put)

  return {
    ...tables,
    save(table, record) {
      put(table, record)
      if (tables.events.size > mostEvents) forgetOldest(tables.events)
      if (file) appendFileSync(file, `${JSON.stringify([table, record])}\n`)
    },
    clear() {
      for (const table of Object.values(tables)) table.clear()
      if (file) writeFileSync(file, '')
    },
  }
}

function forgetOldest(events: Map<string, EventRecord>): void {
  const [oldest] = events.keys()
  if (oldest !== undefined) events.delete(oldest)
}

function restore(file: string, put: (table: keyof Tables, record: { id: string }) => void): void {
  mkdirSync(dirname(file), { recursive: true })
  if (!existsSync(file)) return
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    try {
      const [table, record] = JSON.parse(text) as [keyof Tables, { id: string }]
      put(table, record)
    } catch {
      // The last line of a killed process may be cut off: what it said was never answered.
    }
  }
}
