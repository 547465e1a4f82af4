import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { notFound } from './errors.ts'
import { amountText, button, escapeHtml, page } from './html.ts'
import { read } from './input.ts'
import type { Platform } from './platform.ts'
import type { ChargeRecord } from './records.ts'

const Answer = z.strictObject({ action: z.enum(['pay', 'decline', 'cancel', 'leave']) })

/**
 * The page of the "bank", where the customer agrees to a 3-D Secure or redirect payment. Whatever they press, the
 * browser goes back to the shop's own address without a word of what happened; *Leave* does not go back at all.
 */
export function bankPage(router: Router, platform: Platform): void {
  const path = '/payments/:payment/authorize'

  router.get(path, (request: Request, response: Response) => {
    platform.sweep()
    const charge = find(request)
    response.type('html').send(open(charge) ? question(charge) : over(charge))
  })

  router.post(path, express.urlencoded({ extended: false }), async (request: Request, response: Response) => {
    platform.sweep()
    const charge = find(request)
    const { action } = read(Answer, request.body)
    if (action === 'leave') return void response.type('html').send(left())
    if (open(charge)) {
      if (action === 'pay') platform.agree(charge)
      else platform.decline(charge, action === 'cancel' ? 'payment_cancelled' : 'payment_rejected')
      await platform.hooks.release()
    }
    response.redirect(303, charge.returnUri ?? '/')
  })

  const open = (charge: ChargeRecord) => charge.status === 'pending' && charge.authorizedAt === null

  function find(request: Request): ChargeRecord {
    const payment = String(request.params['payment'])
    const charge = [...platform.store.charges.values()].find((one) => one.payment === payment)
    if (!charge?.returnUri) throw notFound('payment', payment)
    return charge
  }

  function question(charge: ChargeRecord): string {
    const what = charge.card
      ? `${charge.card.brand} •••• ${charge.card.lastDigits}`
      : (platform.sourceOf(charge)?.type ?? '')
    return page(
      'Confirm your payment',
      'Sandbox Bank · ธนาคารจำลอง',
      `<section><h1>Confirm your payment · ยืนยันการชำระเงิน</h1><dl><dt>To</dt><dd>Parley sample shop</dd>
      <dt>For</dt><dd>${escapeHtml(charge.description ?? '')}</dd><dt>With</dt><dd>${escapeHtml(what)}</dd>
      ${codeRow(charge, what)}<dt>Amount</dt><dd><strong>${amountText(charge.amount, charge.currency)}</strong></dd></dl>
      ${button('', 'Pay', 'action', 'pay', true)}${button('', 'Decline', 'action', 'decline')}
      ${button('', 'Cancel', 'action', 'cancel')}${button('', 'Leave', 'action', 'leave')}</section>
      <p class="note">A simulated page. No money moves. <em>Leave</em> closes it without going back to the shop.</p>`,
    )
  }

  const over = (charge: ChargeRecord): string =>
    page(
      'Nothing to confirm',
      'Sandbox Bank · ธนาคารจำลอง',
      `<section><h1>There is nothing left to confirm</h1><p>This payment is ${charge.status}.</p>
      <p><a href="${escapeHtml(charge.returnUri ?? '/')}">Back to the shop</a></p></section>`,
    )

  const left = (): string =>
    page(
      'You left',
      'Sandbox Bank · ธนาคารจำลอง',
      '<section><h1>You left without answering</h1><p>The payment still waits. Close this window.</p></section>',
    )
}

/** What is typed into the machine of a Japanese convenience store. */
const codeRow = ({ payment }: ChargeRecord, type: string): string =>
  type === 'econtext' ? `<dt>Number</dt><dd>${escapeHtml(payment.slice(-11).toUpperCase())}</dd>` : ''
