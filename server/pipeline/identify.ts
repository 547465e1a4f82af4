import type { Types } from 'mongoose'
import { z } from 'zod'
import { Customers } from '../../models/customer.ts'
import { verifyLineIdToken, verifySignedRequest } from '../auth/index.ts'
import { isPersons, mergeCustomers } from '../customer/index.ts'
import { type CustomerCaller, notFound } from '../http/index.ts'

/** What LINE or Messenger has signed of whoever looks at a page. */
export const Proof = z.union([
  z.strictObject({ idToken: z.string().min(1).max(5000) }),
  z.strictObject({ signedRequest: z.string().min(1).max(5000) }),
])

/**
 * Checks that whoever has opened a page of this customer is this person. 401 for a proof that the platform did not
 * make, 404 for somebody else's. Somebody who has proven themselves here in one channel, and now does in another, has
 * shown that both are one person.
 */
export async function expectCustomer(
  proof: z.output<typeof Proof>,
  customer: Types.ObjectId,
  present: CustomerCaller,
): Promise<void> {
  const identity =
    'idToken' in proof
      ? { channel: 'line', externalId: await verifyLineIdToken(proof.idToken) }
      : { channel: 'messenger', externalId: verifySignedRequest(proof.signedRequest) }
  if (await isPersons(customer, identity)) return
  const proven = present.proven && present.customerId === String(customer)
  if (!proven || !(await mergeByLogin(present.customerId, identity))) throw notFound('The page')
}

/** False for a login that nobody knows. */
async function mergeByLogin(
  customerId: string,
  { channel, externalId }: { channel: string; externalId: string },
): Promise<boolean> {
  const other = await Customers.findOne(
    { identities: { $elemMatch: { channel, externalId } } },
    { _id: 1 },
  ).lean()
  if (!other) return false
  await mergeCustomers(customerId, String(other._id), { by: customerId, byName: '' })
  return true
}
