import express, { type Request, type Response, type Router } from 'express'
import { answerCall } from '../banks/answer.ts'
import type { Operation } from '../banks/knobs.ts'
import { isSame } from '../basic-auth.ts'
import type { Faults } from '../faults.ts'
import { extendedStatus, type Json, orderStatus, written } from './bodies.ts'
import type { HalkbankBank } from './index.ts'
import { type Form, formOf, missing, needed, Refusal, readAmount, readNewOrder } from './input.ts'
import { bank } from './knobs.ts'
import { type OrderRecord, refundedOf } from './order.ts'

interface Call {
  name: string
  operation: Operation
  /** How this method spells its code and message. */
  keys?: { code: string; message: string }
  work(form: Form): Json
}

const usual = { code: 'errorCode', message: 'errorMessage' }

/** `/payment/rest/*.do`. A refusal of the bank is a 200 with its code inside, as text that claims to be plain. */
export function api(router: Router, platform: HalkbankBank, faults: Faults): void {
  for (const call of calls(platform, faults)) {
    router.post(
      `/payment/rest/${call.name}.do`,
      express.urlencoded({ extended: false, limit: '64kb' }),
      (request: Request, response: Response) => answer(call, platform, faults, request, response),
    )
  }
}

async function answer(
  { name, operation, keys = usual, work }: Call,
  platform: HalkbankBank,
  faults: Faults,
  request: Request,
  response: Response,
): Promise<void> {
  if (name === 'getOrderStatusExtended' && faults.get<boolean>(bank, 'noExtendedStatus')) {
    return void response.status(404).type('html').send('<html><body><h1>404 Not Found</h1></body></html>')
  }
  const form = formOf(request.body)
  response.type('text/plain')
  await answerCall({ faults, bank, operation }, request, response, {
    work(): Json {
      try {
        checkLogin(form, platform)
        platform.sweep()
        return work(form)
      } catch (error) {
        if (error instanceof Refusal) return { errorCode: error.code, errorMessage: error.message }
        throw error
      }
    },
    send: (body) => written(body, faults, keys),
  })
}

function calls(platform: HalkbankBank, faults: Faults): Call[] {
  const byId = (form: Form): OrderRecord => {
    const order = platform.orders.get(needed(form, 'orderId'))
    if (!order) throw new Refusal(6, 'Unknown order id')
    return order
  }
  return [
    {
      name: 'register',
      operation: 'register',
      work(form) {
        const wish = readNewOrder(form)
        if (platform.byNumber(wish.number)) {
          const code = faults.get<boolean>(bank, 'takenIsTwo') ? 2 : 1
          throw new Refusal(code, 'An order with this number was processed already')
        }
        const order = platform.register(wish)
        return { orderId: order.id, formUrl: platform.formUrl(order) }
      },
    },
    {
      name: 'getOrderStatus',
      operation: 'reads',
      keys: { code: 'ErrorCode', message: 'ErrorMessage' },
      work: (form) => orderStatus(platform.shown(byId(form)), faults),
    },
    {
      name: 'getOrderStatusExtended',
      operation: 'reads',
      work(form) {
        const number = form.get('orderNumber')
        if (!number && !form.get('orderId')) throw missing('orderId')
        const order = number ? platform.byNumber(number) : byId(form)
        if (!order) throw new Refusal(6, 'Unknown order number')
        return extendedStatus(platform.shown(order), faults)
      },
    },
    {
      name: 'reverse',
      operation: 'refunds',
      work(form) {
        const order = byId(form)
        if (order.status !== 1) throw new Refusal(7, 'The payment must be in the right state')
        platform.change(order, (held) => {
          held.status = 3
        })
        return {}
      },
    },
    {
      name: 'refund',
      operation: 'refunds',
      work(form) {
        const order = byId(form)
        const amount = readAmount(form)
        if (order.status !== 2 && order.status !== 4) {
          throw new Refusal(7, 'The payment must be in the right state')
        }
        if (amount > order.deposited - refundedOf(order)) {
          throw new Refusal(5, 'The amount of the refund is more than was deposited')
        }
        if (faults.take<boolean>(bank, 'refundsRefused')) throw new Refusal(2, 'Declined by rule')
        platform.refund(order, amount)
        return {}
      },
    },
  ]
}

function checkLogin(form: Form, { userName, password }: HalkbankBank): void {
  if (isSame(form.get('userName') ?? '', userName) && isSame(form.get('password') ?? '', password)) return
  throw new Refusal(5, 'Access denied')
}
