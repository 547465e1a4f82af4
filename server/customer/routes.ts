import { z } from 'zod'
import { Customers } from '../../models/customer.ts'
import { languages } from '../../models/states.ts'
import { transaction } from '../database/index.ts'
import { notFound, type Route, route, type StaffCaller } from '../http/index.ts'
import { audit } from '../shop/index.ts'
import { mergeCustomers, unmergeCustomer } from './person.ts'
import { viewCustomer } from './view.ts'

const customerId = z.string().regex(/^[0-9a-f]{24}$/)
const CustomerId = z.strictObject({ customerId })
const label = z.string().trim().min(1).max(40)

/** Who we talk to. */
export const routes: Route[] = [
  route({
    method: 'GET',
    path: '/api/customers/:customerId',
    access: 'agent',
    summary: 'A customer, with channels and latest orders',
    params: CustomerId,
    handler: ({ params }) => viewCustomer(params.customerId),
  }),
  route({
    method: 'PATCH',
    path: '/api/customers/:customerId',
    access: 'agent',
    summary: 'Change what is noted about a customer',
    params: CustomerId,
    body: z.strictObject({
      notes: z.string().max(5000).optional(),
      labels: z.array(label).max(20).optional(),
      language: z.enum(languages).optional(),
      phone: z.string().trim().max(30).nullable().optional(),
      email: z.email().max(200).nullable().optional(),
    }),
    async handler({ params, body, caller }) {
      const { labels, ...rest } = body
      const changes = { ...rest, ...(labels && { labels: [...new Set(labels)] }) }
      await transaction(async (session) => {
        const { matchedCount } = await Customers.updateOne(
          { _id: params.customerId },
          { $set: changes },
          { session },
        )
        if (!matchedCount) throw notFound('The customer')
        await audit(
          {
            by: caller.staffId,
            byName: caller.name,
            action: 'customer.changed',
            subject: params.customerId,
            // Which fields, not what they hold: the log outlives a customer who asks to be forgotten.
            details: { fields: Object.keys(changes) },
          },
          session,
        )
      })
      return viewCustomer(params.customerId)
    },
  }),
  route({
    method: 'POST',
    path: '/api/customers/:customerId/merge',
    access: 'agent',
    summary: 'Two customers, of two channels as a rule, are one person',
    params: CustomerId,
    body: z.strictObject({ customerId }),
    async handler({ params, body, caller }) {
      await mergeCustomers(params.customerId, body.customerId, staffOf(caller))
      return viewCustomer(params.customerId)
    },
  }),
  route({
    method: 'POST',
    path: '/api/customers/:customerId/unmerge',
    access: 'agent',
    summary: 'This customer is somebody else after all',
    params: CustomerId,
    async handler({ params, caller }) {
      await unmergeCustomer(params.customerId, staffOf(caller))
      return viewCustomer(params.customerId)
    },
  }),
]

const staffOf = ({ staffId, name }: StaffCaller) => ({ by: staffId, byName: name })
