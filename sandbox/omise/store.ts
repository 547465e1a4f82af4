import { createTables, type Tables } from '../tables.ts'
import type {
  ChargeRecord,
  CustomerRecord,
  DisputeRecord,
  EventRecord,
  SourceRecord,
  TokenRecord,
} from './records.ts'

type Rows = {
  tokens: TokenRecord
  sources: SourceRecord
  charges: ChargeRecord
  customers: CustomerRecord
  disputes: DisputeRecord
  events: EventRecord
}

export type Store = Tables<Rows>

export const createStore = (file?: string): Store =>
  createTables<Rows>({
    names: ['tokens', 'sources', 'charges', 'customers', 'disputes', 'events'],
    file,
    most: { events: 5000 },
  })
