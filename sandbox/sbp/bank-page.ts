import express, { type Request, type Response, type Router } from 'express'
import { escapeHtml, page } from '../html.ts'
import type { Platform } from './platform.ts'
import type { PaymentRecord } from './store.ts'

/** Where the QR and the redirect lead: what the bank asks its customer, as a page. */
export function bankPage(router: Router, platform: Platform): void {
  const path = '/pay/:id'
  router.get(path, (request: Request, response: Response) => {
    platform.sweep()
    const payment = platform.store.payments.get(String(request.params['id']))
    if (!payment) return void response.status(404).type('html').send(nothing('This link leads nowhere.'))
    response.type('html').send(payment.status === 'pending' ? question(payment) : over(payment))
  })
  router.post(path, express.urlencoded({ extended: false }), (request: Request, response: Response) => {
    platform.sweep()
    const payment = platform.store.payments.get(String(request.params['id']))
    if (!payment) return void response.status(404).type('html').send(nothing('This link leads nowhere.'))
    const action = String((request.body as { action?: unknown } | undefined)?.action ?? '')
    if (action === 'leave') {
      return void response
        .type('html')
        .send(nothing('You left without answering. The payment still waits: close this window.'))
    }
    if (!actions.includes(action))
      return void response.status(400).type('html').send(nothing('No such button.'))
    if (payment.status !== 'pending') return void response.status(409).type('html').send(over(payment))
    if (action === 'pay') platform.pay(payment)
    else if (action === 'decline') platform.refuse(payment, 'insufficient_funds')
    else platform.refuse(payment, 'payment_canceled')
    if (payment.returnUrl) response.redirect(303, payment.returnUrl)
    else response.redirect(303, `/sbp/pay/${payment.id}`)
  })
}

const actions = ['pay', 'decline', 'cancel', 'leave']

const rubles = (kopecks: number) => `${Math.floor(kopecks / 100)}.${String(kopecks % 100).padStart(2, '0')} ₽`

const question = (payment: PaymentRecord): string =>
  page(
    'Simulated bank: SBP',
    `<main><h1>СБП · a simulated bank</h1>
<p>${escapeHtml(payment.description ?? '')}</p>
<p><strong>${rubles(payment.amount)}</strong></p>
<form method="post">
<button name="action" value="pay">Pay · Оплатить</button>
<button name="action" value="decline">Decline: not enough money</button>
<button name="action" value="cancel">Cancel</button>
<button name="action" value="leave">Leave</button>
</form>
<p>No money moves here.</p></main>`,
  )

const over = ({ status, returnUrl }: PaymentRecord): string =>
  page(
    'Simulated bank: SBP',
    `<main><h1>There is nothing left to confirm</h1><p>This payment is ${status}.</p>${
      returnUrl ? `<p><a href="${escapeHtml(returnUrl)}">Back to the shop</a></p>` : ''
    }</main>`,
  )

const nothing = (text: string): string =>
  page('Simulated bank: SBP', `<main><h1>СБП</h1><p>${text}</p></main>`)
