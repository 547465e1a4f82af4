import type { ClientSession, Types } from 'mongoose'
import { type Customer, Customers } from '../../models/customer.ts'

const most = 5000
const known = new Map<string, string>()

/** The name that the seeds' messages call a customer by. It never changes, so it is read once. */
export async function usernameOf(session: ClientSession, customer: Types.ObjectId): Promise<string> {
  const name = known.get(String(customer))
  if (name !== undefined) return name
  const found = await Customers.collection.findOne<Pick<Customer, '_id' | 'username'>>(
    { _id: customer },
    { session, projection: { username: 1 } },
  )
  if (found) noteUsername(found)
  return found?.username ?? ''
}

/** Keeps the name of a customer who was read for something else. */
export function noteUsername({ _id, username }: Pick<Customer, '_id' | 'username'>): void {
  const [oldest] = known.keys()
  if (known.size >= most && oldest !== undefined) known.delete(oldest)
  known.set(String(_id), username)
}
