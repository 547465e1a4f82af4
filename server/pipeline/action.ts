import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { Order } from '../../models/order.ts'
import type { Payment } from '../../models/payment.ts'
import type { CustomerCaller } from '../http/index.ts'
import type { Next } from '../payment/contract.ts'
import type { ActionName } from './contract.ts'

/** What an action works with: the order at the version that the page has seen. */
export interface ActionContext<Data> {
  order: Order
  data: Data
  caller: CustomerCaller
  headers: IncomingHttpHeaders
  ip: string
}

/** What a step has led to: the order as it then is, and what comes next where there is such. */
export interface Done {
  order: Order
  next?: Next
  /** All attempts at the order, where the step has them at hand. */
  attempts?: Payment[] | undefined
}

/** One step of the customer's way. */
export interface Action {
  name: ActionName
  summary: string
  data: z.ZodRawShape
  /** The action bears a stale version: it changes nothing, or recognises its own repetition. */
  anyVersion?: boolean
  // biome-ignore lint/suspicious/noExplicitAny: the schema beside it has checked the data
  run(context: ActionContext<any>): Promise<Done>
}

/** Declares an action; its shape types the data that `run` gets. */
export const action = <Shape extends z.ZodRawShape>(definition: {
  name: ActionName
  summary: string
  data: Shape
  anyVersion?: boolean
  run(context: ActionContext<z.output<z.ZodObject<Shape>>>): Promise<Done>
}): Action => definition as Action
