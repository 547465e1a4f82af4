import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type {
  ChargeRecord,
  CustomerRecord,
  DisputeRecord,
  EventRecord,
  SourceRecord,
  TokenRecord,
} from './records.ts'

interface Tables {
  tokens: Map<string, TokenRecord>
  sources: Map<string, SourceRecord>
  charges: Map<string, ChargeRecord>
  customers: Map<string, CustomerRecord>
  disputes: Map<string, DisputeRecord>
  events: Map<string, EventRecord>
}

export interface Store extends Tables {
  /** Puts a record in, or writes down that it has changed. */
  save(table: keyof Tables, record: { id: string }): void
  clear(): void
}

/**
 * Everything in memory, in the order of creation. With a file every change is also appended to it, so that the
 * "platform" still knows its charges after ours was killed, as the real one would.
 */
export function createStore(file?: string): Store {
  const tables: Tables = {
    tokens: new Map(),
    sources: new Map(),
    charges: new Map(),
    customers: new Map(),
    disputes: new Map(),
    events: new Map(),
  }
  const put = (table: keyof Tables, record: { id: string }) => {
    ;(tables[table] as Map<string, { id: string }>).set(record.id, record)
  }
  if (file) restore(file, tables, put)

  return {
    ...tables,
    save(table, record) {
      put(table, record)
      if (table === 'events') forgetOldest(tables.events)
      if (file) appendFileSync(file, line(table, record))
    },
    clear() {
      for (const table of Object.values(tables)) table.clear()
      if (file) writeFileSync(file, '')
    },
  }
}

/** As many events as anybody looks at; all of them would fill the memory of a long run. */
function forgetOldest(events: Map<string, EventRecord>): void {
  for (const id of events.keys()) {
    if (events.size <= 5000) return
    events.delete(id)
  }
}

const line = (table: string, record: { id: string }): string => `${JSON.stringify([table, record])}\n`

function restore(
  file: string,
  tables: Tables,
  put: (table: keyof Tables, record: { id: string }) => void,
): void {
  mkdirSync(dirname(file), { recursive: true })
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  for (const text of lines) {
    try {
      const [table, record] = JSON.parse(text) as [keyof Tables, { id: string }]
      put(table, record)
    } catch {
      // The last line of a killed process may be cut off: what it said was never answered.
    }
  }
  const compact = Object.entries(tables).flatMap(([table, map]) =>
    [...map.values()].map((record) => line(table, record)),
  )
  writeFileSync(`${file}.new`, compact.join(''))
  renameSync(`${file}.new`, file)
}
