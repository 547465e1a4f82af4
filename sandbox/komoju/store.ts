import { createTables, type Tables } from '../tables.ts'
import type { EventRecord, PaymentRecord, SessionRecord } from './records.ts'

type Rows = { sessions: SessionRecord; payments: PaymentRecord; events: EventRecord }

export type Store = Tables<Rows>

export const createStore = (file?: string): Store =>
  createTables<Rows>({ names: ['sessions', 'payments', 'events'], file, most: { events: 5000 } })
