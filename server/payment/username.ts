import type { ClientSession, Types } from 'mongoose'
import { Customers } from '../../models/customer.ts'

const read = new WeakMap<ClientSession, Map<string, string>>()

/** The name that the seeds' messages call a customer by; read once in a transaction, for it never changes. */
export async function usernameOf(session: ClientSession, customer: Types.ObjectId): Promise<string> {
  const known = read.get(session) ?? new Map<string, string>()
  read.set(session, known)
  const id = String(customer)
  const name =
    known.get(id) ??
    String(
      (await Customers.collection.findOne({ _id: customer }, { session, projection: { username: 1 } }))?.[
        'username'
      ] ?? '',
    )
  known.set(id, name)
  return name
}
