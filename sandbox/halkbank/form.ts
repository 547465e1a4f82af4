import type { Router } from 'express'
import { hostForm } from '../banks/hosted-form.ts'
import type { HalkbankBank } from './index.ts'
import type { OrderRecord } from './order.ts'

/**
 * The hosted form. Whatever is pressed, the browser goes to the shop's address with the bank's order id and the
 * language, and with no word of what happened.
 */
export const hostedForm = (router: Router, platform: HalkbankBank): void =>
  hostForm<OrderRecord>(router, {
    bank: 'Halkbank',
    path: '/payment/merchants/online/:page',
    find(request) {
      platform.sweep()
      const page = /^payment_(ru|en|tm)\.html$/.test(String(request.params['page']))
      return page ? platform.orders.get(String(request.query['mdOrder'])) : undefined
    },
    press(order, action) {
      const payable = platform.isPayable(order)
      if (payable && action === 'pay') platform.pay(order)
      if (payable && action === 'decline') platform.decline(order)
      return { to: backOf(order) }
    },
    shown: (order) => ({
      number: order.number,
      description: order.description,
      amount: `${(order.amount / 100).toFixed(2)} TMT`,
      over: platform.isPayable(order) ? null : `This order has status ${order.status}.`,
      back: backOf(order),
    }),
  })

/** As the real one: its own parameters are appended, whatever the address has already. */
function backOf({ id, language, status, returnUrl, failUrl }: OrderRecord): string {
  const url = new URL(status === 2 ? returnUrl : failUrl)
  url.searchParams.append('orderId', id)
  url.searchParams.append('lang', language)
  return url.href
}
