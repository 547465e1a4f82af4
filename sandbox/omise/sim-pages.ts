import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import type { OmiseHandle } from './contract.ts'
import { badRequest } from './errors.ts'
import { amountText, button, escapeHtml, page } from './html.ts'
import { int, read, text } from './input.ts'
import type { Platform } from './platform.ts'
import type { ChargeRecord } from './records.ts'

const Failure = z.strictObject({ failure_code: text.optional() })
const Time = z.strictObject({ advance_ms: int })

/** What the platform's dashboard does by hand, as a page and over HTTP; and the "banking app" that scans QR codes. */
export function simPages(router: Router, platform: Platform, handle: OmiseHandle): void {
  const body = [express.json(), express.urlencoded({ extended: false })]

  router.post('/__sim/charges/:id/:action', body, async (request: Request, response: Response) => {
    platform.sweep()
    const id = String(request.params['id'])
    act(id, String(request.params['action']), request.body)
    await platform.hooks.release()
    const browser = request.accepts(['json', 'html']) === 'html'
    if (browser) response.redirect(303, request.get('referer') ?? '/__sim/omise')
    else response.json(platform.body(platform.charge(id)))
  })

  function act(id: string, action: string, input: unknown): void {
    if (action === 'mark_as_paid') handle.pay(id)
    else if (action === 'mark_as_failed') handle.decline(id, read(Failure, input).failure_code)
    else if (action === 'expire') handle.expire(id)
    else if (action === 'dispute') platform.dispute(platform.charge(id), platform.charge(id).amount)
    else if (action === 'pending' || action === 'won' || action === 'lost') {
      platform.decideDispute(platform.charge(id), action)
    } else throw badRequest('use mark_as_paid, mark_as_failed, expire, dispute, pending, won or lost')
  }

  router.get('/__sim/omise/charges', (_request: Request, response: Response) => {
    platform.sweep()
    response.json(handle.charges())
  })
  router.get('/__sim/omise/pending', (_request: Request, response: Response) => {
    platform.sweep()
    response.json(handle.pendingQrs())
  })
  router.post('/__sim/omise/clock', body, (request: Request, response: Response) => {
    handle.advance(read(Time, request.body).advance_ms)
    response.json({ now: new Date(handle.now()).toISOString() })
  })
  router.post('/__sim/omise/flush', (_request: Request, response: Response) => {
    handle.flush()
    response.json({ ok: true })
  })
  router.post('/__sim/omise/events/:id/resend', async (request: Request, response: Response) => {
    await platform.hooks.resend(String(request.params['id']))
    response.json({ ok: true })
  })

  router.get('/__sim/omise', (_request: Request, response: Response) => {
    platform.sweep()
    const charges = [...platform.store.charges.values()].reverse().slice(0, 200)
    response.type('html').send(dashboard(charges))
  })
  router.get('/__sim/omise/bank', (_request: Request, response: Response) => {
    platform.sweep()
    response.type('html').send(bankingApp(handle))
  })
}

function dashboard(charges: ChargeRecord[]): string {
  const rows = charges.map((charge) => {
    const path = `/__sim/charges/${charge.id}`
    const open = charge.status === 'pending' && charge.authorizedAt === null
    const actions = open
      ? button(`${path}/mark_as_paid`, 'Mark as paid', '', '', true) +
        button(`${path}/mark_as_failed`, 'Mark as failed') +
        (charge.source ? button(`${path}/expire`, 'Expire') : '')
      : charge.paidAt !== null
        ? disputeButtons(charge, path)
        : ''
    return `<tr><td><code>${charge.id}</code></td><td>${escapeHtml(charge.description ?? '')}</td>
      <td>${amountText(charge.amount, charge.currency)}</td><td>${charge.status}${
        charge.failure ? ` (${escapeHtml(charge.failure.code)})` : ''
      }</td><td>${actions}</td></tr>`
  })
  return page(
    'Omise sandbox',
    'Omise sandbox: charges',
    `<section><p><a href="/__sim/omise/bank">Banking app</a></p><table><thead><tr><th>Charge</th><th>For</th>
    <th>Amount</th><th>Status</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>
    ${charges.length ? '' : '<p>No charge yet.</p>'}</section>`,
    true,
  )
}

const disputeButtons = ({ dispute }: ChargeRecord, path: string): string =>
  dispute
    ? ['pending', 'won', 'lost'].map((end) => button(`${path}/${end}`, `Dispute ${end}`)).join('')
    : button(`${path}/dispute`, 'Dispute')

function bankingApp(handle: OmiseHandle): string {
  const codes = handle
    .pendingQrs()
    .reverse()
    .map(
      (
        qr,
      ) => `<section><h1>${amountText(qr.amount, qr.currency)}</h1><img src="${escapeHtml(qr.image)}" alt="QR code">
      <p>${escapeHtml(qr.description ?? '')}</p><p class="note">until ${escapeHtml(qr.expiresAt)}</p>
      ${button(`/__sim/charges/${qr.id}/mark_as_paid`, 'Pay · จ่าย', '', '', true)}
      ${button(`/__sim/charges/${qr.id}/mark_as_failed`, 'Refuse')}</section>`,
    )
  return page(
    'Banking app',
    'Banking app · แอปธนาคารจำลอง',
    codes.join('') || '<section><p>No QR code waits to be paid.</p></section>',
  )
}
