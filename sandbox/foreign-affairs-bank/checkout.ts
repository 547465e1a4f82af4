import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { formPage, leftPage } from '../banks/form-page.ts'
import type { OrderProcessingBank } from './index.ts'
import type { OrderRecord } from './order.ts'

const Action = z.enum(['pay', 'decline', 'cancel', 'leave'])
const BANK = 'Foreign Affairs Bank'

/**
 * The checkout. A card that its bank declines leaves the order as it is: the page asks for another one. Pay and Cancel
 * send the browser to the merchant's final address with nothing added.
 */
export function checkout(router: Router, platform: OrderProcessingBank): void {
  const path = '/Checkout/:id'

  router.get(path, (request: Request, response: Response) => {
    const order = find(request, response)
    if (order) response.type('html').send(formPage(shown(order)))
  })

  router.post(path, express.urlencoded({ extended: false }), (request: Request, response: Response) => {
    const order = find(request, response)
    if (!order) return
    const action = Action.safeParse((request.body as { action?: unknown } | undefined)?.action)
    if (!action.success) return void response.status(400).type('text').send('Press one of the buttons')
    if (action.data === 'leave') return void response.type('html').send(leftPage(BANK))
    if (order.result === 'OPG-00100') {
      if (action.data === 'decline') {
        const wrong = 'The card was declined. Try again, or use another one.'
        return void response.type('html').send(formPage({ ...shown(order), wrong }))
      }
      platform.finish(order, action.data === 'pay' ? 'GEN-00000' : 'OPG-00006')
    }
    response.redirect(303, order.finalUrl)
  })

  function find(request: Request, response: Response): OrderRecord | undefined {
    const order = platform.orders.get(String(request.params['id']))
    if (!order) response.status(404).type('html').send('<html><body><h1>404</h1></body></html>')
    return order
  }

  const shown = ({ merchantOrderId, text, amount, result, finalUrl }: OrderRecord) => ({
    bank: BANK,
    number: merchantOrderId,
    description: text,
    amount: `${(amount / 100).toFixed(2)} TMT`,
    over: result === 'OPG-00100' ? null : `This order is ${result}.`,
    back: finalUrl,
  })
}
