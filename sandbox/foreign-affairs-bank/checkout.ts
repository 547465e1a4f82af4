import type { Router } from 'express'
import { hostForm } from '../banks/hosted-form.ts'
import type { OrderProcessingBank } from './index.ts'
import type { OrderRecord } from './order.ts'

/**
 * The checkout. A card that its bank declines leaves the order as it is: the page asks for another one. Pay and Cancel
 * send the browser to the merchant's final address with nothing added.
 */
export const checkout = (router: Router, platform: OrderProcessingBank): void =>
  hostForm<OrderRecord>(router, {
    bank: 'Foreign Affairs Bank',
    path: '/Checkout/:id',
    find: (request) => platform.orders.get(String(request.params['id'])),
    press(order, action) {
      if (order.result === 'OPG-00100') {
        if (action === 'decline') return { wrong: 'The card was declined. Try again, or use another one.' }
        platform.finish(order, action === 'pay' ? 'GEN-00000' : 'OPG-00006')
      }
      return { to: order.finalUrl }
    },
    shown: ({ merchantOrderId, text, amount, result, finalUrl }) => ({
      number: merchantOrderId,
      description: text,
      amount: `${(amount / 100).toFixed(2)} TMT`,
      over: result === 'OPG-00100' ? null : `This order is ${result}.`,
      back: finalUrl,
    }),
  })
