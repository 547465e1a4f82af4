import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { formPage, leftPage } from '../banks/form-page.ts'
import type { HalkbankBank } from './index.ts'
import type { OrderRecord } from './order.ts'

const Action = z.enum(['pay', 'decline', 'cancel', 'leave'])
const BANK = 'Halkbank'

/**
 * The hosted form. Whatever is pressed, the browser goes to the shop's address with the bank's order id and the
 * language, and with no word of what happened; *Leave* does not go back at all.
 */
export function hostedForm(router: Router, platform: HalkbankBank): void {
  const path = '/payment/merchants/online/:page'

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
    const payable = platform.isPayable(order)
    if (payable && action.data === 'pay') platform.pay(order)
    if (payable && action.data === 'decline') platform.decline(order)
    response.redirect(303, backOf(order, order.status === 2 ? order.returnUrl : order.failUrl))
  })

  function find(request: Request, response: Response): OrderRecord | undefined {
    platform.sweep()
    const page = /^payment_(ru|en|tm)\.html$/.test(String(request.params['page']))
    const order = page ? platform.orders.get(String(request.query['mdOrder'])) : undefined
    if (!order) response.status(404).type('html').send('<html><body><h1>404</h1></body></html>')
    return order
  }

  const shown = (order: OrderRecord) => ({
    bank: BANK,
    number: order.number,
    description: order.description,
    amount: `${(order.amount / 100).toFixed(2)} TMT`,
    over: platform.isPayable(order) ? null : `This order has status ${order.status}.`,
    back: backOf(order, order.status === 2 ? order.returnUrl : order.failUrl),
  })
}

/** As the real one: its own parameters are appended, whatever the address has already. */
function backOf({ id, language }: OrderRecord, address: string): string {
  const url = new URL(address)
  url.searchParams.append('orderId', id)
  url.searchParams.append('lang', language)
  return url.href
}
