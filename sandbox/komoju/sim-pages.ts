import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { escapeHtml } from '../html.ts'
import { refundedOf, time } from './bodies.ts'
import type { KomojuHandle } from './contract.ts'
import { badRequest } from './errors.ts'
import { amountText, button, page } from './html.ts'
import { read } from './input.ts'
import type { Platform } from './platform.ts'
import { type PaymentRecord, stores } from './records.ts'

const whole = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number),
])
const Amount = z.strictObject({ amount: whole.optional() })

/** The counter of every store, what the platform's dashboard does by hand, and both over HTTP. */
export function simPages(router: Router, platform: Platform, handle: KomojuHandle): void {
  const body = [express.json(), express.urlencoded({ extended: false })]

  router.post('/__sim/komoju/payments/:id/:action', body, async (request: Request, response: Response) => {
    platform.sweep()
    const id = String(request.params['id'])
    act(id, String(request.params['action']), request.body)
    await platform.hooks.release()
    if (request.accepts(['json', 'html']) === 'html') {
      response.redirect(303, request.get('referer') ?? '/__sim/komoju')
    } else response.json(platform.paymentBody(platform.payment(id)))
  })

  function act(id: string, action: string, input: unknown): void {
    if (action === 'pay') handle.payAtCounter(id)
    else if (action === 'expire') handle.expirePayment(id)
    else if (action === 'refund') handle.refundByHand(id, read(Amount, input).amount)
    else if (action === 'resend') void handle.resend(id)
    else throw badRequest('Use pay, expire, refund or resend.')
  }

  router.get('/__sim/komoju/payments', (_request: Request, response: Response) => {
    platform.sweep()
    response.json(handle.payments())
  })
  router.get('/__sim/komoju/sessions', (_request: Request, response: Response) => {
    response.json(handle.sessions())
  })
  router.get('/__sim/komoju/counter', (_request: Request, response: Response) => {
    platform.sweep()
    const waiting = [...platform.store.payments.values()].filter(
      ({ konbini, status }) => konbini && status === 'authorized',
    )
    response.type('html').send(counter(waiting))
  })
  router.get('/__sim/komoju', (_request: Request, response: Response) => {
    platform.sweep()
    response.type('html').send(dashboard([...platform.store.payments.values()].reverse().slice(0, 200)))
  })

  router.get('/komoju/instructions/:id', (request: Request, response: Response) => {
    const payment = platform.payment(String(request.params['id']))
    response.type('html').send(instructions(payment, platform.session(payment.session).returnUrl))
  })
}

const until = ({ deadline }: PaymentRecord): string => (deadline === null ? '' : time(deadline))

function counter(payments: PaymentRecord[]): string {
  const codes = payments.toReversed().map((payment) => {
    const { id, konbini, amount, fee, currency, description } = payment
    if (!konbini) return ''
    return `<section><h1>${stores[konbini.store]}</h1><p class="code">${konbini.confirmationCode}</p>
      <dl><dt>For</dt><dd>${escapeHtml(description ?? '')}</dd>
      <dt>To pay</dt><dd><strong>${amountText(amount + fee, currency)}</strong></dd>
      <dt>Until</dt><dd>${until(payment)}</dd></dl>
      ${button(`/__sim/komoju/payments/${id}/pay`, 'Pay · 支払う', {}, true)}
      ${button(`/__sim/komoju/payments/${id}/expire`, 'Let it expire')}</section>`
  })
  return page('Counter', codes.join('') || '<section><p>No code waits to be paid at a counter.</p></section>')
}

function dashboard(payments: PaymentRecord[]): string {
  const rows = payments.map((payment) => {
    const { id, amount, currency, status, method, description } = payment
    const refundable = status === 'captured'
    return `<tr><td><code>${id}</code></td><td>${escapeHtml(description ?? '')}</td><td>${method}</td>
      <td>${amountText(amount, currency)}</td><td>${status}${
        refundedOf(payment) ? `, ${amountText(refundedOf(payment), currency)} back` : ''
      }</td><td>${refundable ? button(`/__sim/komoju/payments/${id}/refund`, 'Refund the rest') : ''}
      ${button(`/__sim/komoju/payments/${id}/resend`, 'Send events again')}</td></tr>`
  })
  return page(
    'KOMOJU sandbox',
    `<section><p><a href="/__sim/komoju/counter">Counter of the store</a></p><table><thead><tr><th>Payment</th><th>For</th>
    <th>Method</th><th>Amount</th><th>Status</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>
    ${payments.length ? '' : '<p>No payment yet.</p>'}</section>`,
    true,
  )
}

function instructions(payment: PaymentRecord, returnUrl: string): string {
  const { konbini, amount, fee, currency } = payment
  return page(
    'How to pay',
    `<section><h1>How to pay · お支払い方法</h1><dl><dt>Store</dt><dd>${konbini ? stores[konbini.store] : ''}</dd>
    <dt>Code</dt><dd class="code">${konbini?.confirmationCode ?? ''}</dd><dt>Receipt</dt><dd>${konbini?.receipt ?? ''}</dd>
    <dt>To pay</dt><dd>${amountText(amount + fee, currency)}</dd><dt>Until</dt><dd>${until(payment)}</dd></dl>
    <ol><li>Go to the store and its terminal.</li><li>Type in the code.</li><li>Pay at the counter with the slip.</li></ol>
    <p><a href="${escapeHtml(returnUrl)}">Back to the shop</a></p></section>`,
  )
}
