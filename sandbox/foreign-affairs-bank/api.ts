import express, { type Request, type Response, type Router } from 'express'
import { answerCall } from '../banks/answer.ts'
import type { Operation } from '../banks/knobs.ts'
import type { Faults } from '../faults.ts'
import { orderBody, resultOf, textOf } from './bodies.ts'
import type { OrderProcessingBank } from './index.ts'
import { Refusal, readOrder, readRefund } from './input.ts'
import { bank } from './knobs.ts'
import { type OrderRecord, refundedOf } from './order.ts'

interface Reply {
  status: number
  body: Record<string, unknown>
  /** Told of it by this answer, if it arrives. */
  order?: OrderRecord
}

/** Both generations at their own paths: the newer one takes tokens of its own address, the older one id and secret. */
export function api(router: Router, platform: OrderProcessingBank, faults: Faults): void {
  for (const root of ['/OrderProcessing_TURK/v1/orders', '/v1/orders']) {
    router.post(root, ...jsonBody, (request: Request, response: Response) => {
      const empty = request.body === undefined || Object.keys(request.body as object).length === 0
      if (root === '/v1/orders' && empty && platform.tokens.isMerchant(request)) {
        return void response.set('authorization', `Bearer ${platform.tokens.give()}`).status(200).end()
      }
      return answer('register', request, response, () => create(request.body))
    })
    router.get(`${root}/:id`, (request: Request, response: Response) =>
      answer('reads', request, response, () => ({ status: 200, body: shown(platform.shown(find(request))) })),
    )
    router.post(`${root}/:id/refund`, ...jsonBody, (request: Request, response: Response) =>
      answer('refunds', request, response, () => refund(find(request), request.body)),
    )
  }

  async function answer(operation: Operation, request: Request, response: Response, work: () => Reply) {
    const reply = await answerCall({ faults, bank, operation }, request, response, {
      work(): Reply {
        if (!platform.tokens.lets(request)) return { status: 401, body: { response: resultOf('GEN-00002') } }
        try {
          return work()
        } catch (error) {
          if (error instanceof Refusal) return { status: error.status, body: { message: error.message } }
          throw error
        }
      },
      send({ status, body }) {
        response.status(status).type('application/hal+json')
        return textOf(body, faults)
      },
    })
    if (reply?.order) platform.told(reply.order)
  }

  const shown = (order: OrderRecord) => orderBody(order, platform.links(order), faults)

  function find(request: Request): OrderRecord {
    const order = platform.orders.get(String(request.params['id']))
    if (!order) throw new Refusal(404, 'No such order')
    return order
  }

  function create(body: unknown): Reply {
    const wish = readOrder(body, platform.merchant)
    if (platform.isUsed(wish.requestId)) throw new Refusal(400, 'requestid: was used before')
    const order = platform.register(wish)
    return { status: 201, body: shown(order), order }
  }

  function refund(order: OrderRecord, body: unknown): Reply {
    const { requestId, amount, merchantOrderId } = readRefund(body)
    if (merchantOrderId !== order.merchantOrderId)
      throw new Refusal(400, 'transaction.merchantorderid: another order')
    if (platform.isUsed(requestId)) throw new Refusal(400, 'requestid: was used before')
    const left = order.result === 'GEN-00000' ? order.amount - refundedOf(order) : 0
    if (amount > left) throw new Refusal(400, 'transaction.totalamount: more than is left')
    if (faults.take<boolean>(bank, 'refundsRefused')) {
      const { response, ...rest } = shown(order)
      return {
        status: 200,
        body: { ...rest, response: { ...(response as object), ...resultOf('OPG-00006') } },
      }
    }
    platform.refund(order, requestId, amount)
    return { status: 200, body: shown(order) }
  }
}

const jsonBody = [express.json({ limit: '64kb', type: ['application/json', 'application/*+json'] })]
