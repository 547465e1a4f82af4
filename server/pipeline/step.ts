import { z } from 'zod'
import type { Order } from '../../models/order.ts'
import { validate } from '../http/index.ts'
import type { Next } from '../payment/contract.ts'
import type { Action, ActionContext } from './action.ts'

/** Whose step it is: what an action is given beside its data. */
export type Walker = Omit<ActionContext<unknown>, 'data'>

/**
 * Takes one step of the pipeline for a page of ours that has no script of its own: the same action, its data checked
 * by the same schema. Answers the order as it then is, and what the customer does next where there is such.
 */
export const stepWith =
  (actions: Action[]) =>
  async (name: Action['name'], data: object, walker: Walker): Promise<{ order: Order; next?: Next }> => {
    const action = actions.find((one) => one.name === name)
    if (!action) throw new Error(`there is no action ${name}`)
    const given = { version: walker.order.version, ...data }
    const shape = z.strictObject({ version: z.int().min(0), ...action.data })
    return action.run({ ...walker, data: validate(shape, given, 'body') })
  }
