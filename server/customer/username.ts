import type { ClientSession, Types } from 'mongoose'
import { type Customer, Customers } from '../../models/customer.ts'

const most = 5000
const known = new Map<string, string>()

/** The name that the seeds' messages call a customer by. It never changes, so it is read once. */
export async function usernameOf(session: ClientSession, customer: Types.ObjectId): Promise<string> {
  await readUsernames(session, [customer])
  return known.get(String(customer)) ?? ''
}

/** Reads the names of many at once, where each will be asked for. */
export async function readUsernames(session: ClientSession, customers: Types.ObjectId[]): Promise<void> {
  const unknown = customers.filter((id) => !known.has(String(id)))
  if (!unknown.length) return
  const found = await Customers.collection
    .find<Pick<Customer, '_id' | 'username'>>(
      { _id: { $in: unknown } },
      { session, projection: { username: 1 } },
    )
    .toArray()
  for (const one of found) noteUsername(one)
}

/** Keeps the name of a customer who was read for something else. */
export function noteUsername({ _id, username }: Pick<Customer, '_id' | 'username'>): void {
  const [oldest] = known.keys()
  if (known.size >= most && oldest !== undefined) known.delete(oldest)
  known.set(String(_id), username)
}
