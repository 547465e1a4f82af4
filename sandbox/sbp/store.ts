import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

export type Status = 'pending' | 'succeeded' | 'canceled'

export interface PaymentRecord {
  id: string
  status: Status
  /** Kopecks. */
  amount: number
  refunded: number
  confirmation: 'qr' | 'redirect'
  returnUrl: string | null
  description: string | null
  metadata: Record<string, string>
  canceledBecause: { party: string; reason: string } | null
  createdAt: number
  expiresAt: number
  capturedAt: number | null
}

export interface RefundRecord {
  id: string
  payment: string
  amount: number
  description: string | null
  createdAt: number
}

/** What was asked with a key, and what came of it: the second time gets the same answer for a day. */
export interface KeyRecord {
  id: string
  request: string
  kind: 'payments' | 'refunds'
  made: string
  createdAt: number
}

interface Tables {
  payments: Map<string, PaymentRecord>
  refunds: Map<string, RefundRecord>
  keys: Map<string, KeyRecord>
}

export interface Store extends Tables {
  /** Puts a record in, or writes down that it has changed. */
  save(table: keyof Tables, record: { id: string }): void
}

/** Everything in memory; with a file the platform still knows its payments after a restart, as the real one would. */
export function createStore(file?: string): Store {
  const tables: Tables = { payments: new Map(), refunds: new Map(), keys: new Map() }
  const put = (table: keyof Tables, record: { id: string }) => {
    ;(tables[table] as Map<string, { id: string }>).set(record.id, record)
  }
  if (file) restore(file, put)
  return {
    ...tables,
    save(table, record) {
      put(table, record)
      if (file) appendFileSync(file, `${JSON.stringify([table, record])}\n`)
    },
  }
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
