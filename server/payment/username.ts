import type { ClientSession, Types } from 'mongoose'
import { Customers } from '../../models/customer.ts'

const most = 5000
const known = new Map<string, string>()

/** The name that the seeds' messages call a customer by. It never changes, so it is read once. */
export async function usernameOf(session: ClientSession, customer: Types.ObjectId): Promise<string> {
  const id = String(customer)
  const name = known.get(id)
  if (name !== undefined) return name
  const found = await Customers.collection.findOne(
    { _id: customer },
    { session, projection: { username: 1 } },
  )
  const read = String(found?.['username'] ?? '')
  const [oldest] = known.keys()
  if (known.size >= most && oldest !== undefined) known.delete(oldest)
  if (read) known.set(id, read)
  return read
}
