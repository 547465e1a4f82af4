import type { Order } from '../../models/order.ts'
import type { CustomerCaller } from '../http/index.ts'
import type { ActionName } from '../pipeline/contract.ts'
import { takeStep } from '../pipeline/index.ts'

/** One step of the pipeline, for an integration that acts for its customer. The same step at the same version is one. */
export async function step(order: Order, name: ActionName, data: object, ip: string): Promise<Order> {
  const caller: CustomerCaller = {
    kind: 'customer',
    sessionId: '',
    customerId: String(order.customer),
    orderIds: [String(order._id)],
    catalogueIds: [],
    proven: true,
  }
  const headers = { 'idempotency-key': `invoice:${order._id}:${order.version}` }
  return (await takeStep(name, data, { order, caller, headers, ip })).order
}
