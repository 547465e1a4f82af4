import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { escapeHtml, page as sheet } from '../html.ts'
import { button } from '../omise/html.ts'
import { qrSvg } from '../omise/promptpay.ts'
import { returnAddress } from './bodies.ts'
import { channels } from './channels.ts'
import { Refusal } from './errors.ts'
import type { Platform } from './platform.ts'
import { type SessionRecord, statuses, type TransactionRecord, words } from './records.ts'

const Press = z.strictObject({
  action: z.enum(['choose', 'pay', 'decline', 'cancel', 'leave']),
  /** `va bca`: how and where, when it is chosen. */
  channel: z.string().max(40).optional(),
})

/** A page in the look of all simulated platforms. `body` is HTML. */
const page = (title: string, body: string): string =>
  sheet(`iPaymu: ${title}`, `<main><h1>iPaymu · sandbox</h1>${body}</main>`)

export const rupiah = (amount: number): string => `Rp ${String(amount).replace(/\B(?=(\d{3})+$)/g, '.')}`

/** The platform's page for its customers: choose how to pay, then pay, be refused, cancel, or leave for good. */
export function hostedPages(platform: Platform): Router {
  const router = express.Router()

  router.get('/pay/:session', (request: Request, response: Response) => {
    platform.sweep()
    const session = find(request)
    response.type('html').send(shown(session))
  })

  router.post(
    '/pay/:session',
    express.urlencoded({ extended: false }),
    async (request: Request, response: Response) => {
      platform.sweep()
      const session = find(request)
      const press = Press.safeParse(request.body)
      if (!press.success) return void response.status(400).type('html').send(note('No such button'))
      const { action, channel = '' } = press.data
      if (action === 'leave')
        return void response.type('html').send(note('You left. The payment still waits: close this window.'))
      const [via, where] = channel.split(' ')
      const chosen = via && where ? platform.choose(session, via, where) : waitingOf(session)
      if (action === 'choose') {
        await platform.callbacks.release()
        return void response.redirect(303, `/ipaymu/pay/${session.id}`)
      }
      if (!chosen) {
        if (action === 'cancel') return void response.redirect(303, session.cancelUrl)
        return void response.status(409).type('html').send(shown(session))
      }
      if (action === 'pay') platform.pay(chosen)
      else platform.end(chosen, action === 'cancel' ? statuses.CANCELLED : statuses.FAILED)
      await platform.callbacks.release()
      response.redirect(
        303,
        returnAddress(action === 'cancel' ? session.cancelUrl : session.returnUrl, session, chosen),
      )
    },
  )

  router.get('/code/:id', (request: Request, response: Response) => {
    platform.sweep()
    response.type('html').send(codePage(platform.transaction(String(request.params['id']))))
  })

  router.get('/qr/:id', (request: Request, response: Response) => {
    const { qr } = platform.transaction(String(request.params['id']))
    if (!qr) throw new Refusal(404, 'This transaction has no QR')
    response.type('svg').send(qrSvg(qr))
  })

  function find(request: Request): SessionRecord {
    const session = platform.session(String(request.params['session']))
    if (!session) throw new Refusal(404, 'Sesi tidak ditemukan.')
    return session
  }

  const ofSession = (session: SessionRecord) =>
    platform.transactions().filter((one) => one.session === session.id)
  const waitingOf = (session: SessionRecord) =>
    ofSession(session).findLast(({ status }) => status === statuses.PENDING)

  function shown(session: SessionRecord): string {
    const last = ofSession(session).at(-1)
    if (last && last.status !== statuses.PENDING && last.status !== statuses.FAILED)
      return over(session, last)
    if (session.expiresAt <= platform.now()) return note('This page has run out')
    return last?.status === statuses.PENDING ? confirm(last) : choices(session)
  }

  return router
}

const summary = ({ product, amount }: { product: string; amount: number }): string =>
  `<dl><dt>To</dt><dd>Parley sample shop</dd><dt>For</dt><dd>${escapeHtml(product)}</dd>
  <dt>Total</dt><dd><strong>${rupiah(amount)}</strong></dd></dl>`

function choices(session: SessionRecord): string {
  const buttons = Object.entries(channels).flatMap(([via, of]) =>
    Object.entries(of).map(
      ([channel, { name }]) =>
        `<form method="post"><input type="hidden" name="channel" value="${via} ${channel}"><button name="action" value="choose">${escapeHtml(name)}</button></form>`,
    ),
  )
  return page(
    'Choose how to pay',
    `<section><h2>Pilih metode pembayaran · Choose how to pay</h2>${summary(session)}${buttons.join('')}
    <p>${button('', 'Cancel', 'action', 'cancel')}${button('', 'Leave', 'action', 'leave')}</p></section>
    <p class="note">A simulated page. No money moves. <em>Leave</em> ends here without going back to the shop.</p>`,
  )
}

const confirm = (transaction: TransactionRecord): string =>
  page(
    'Confirm the payment',
    `<section><h2>${escapeHtml(transaction.via)} ${escapeHtml(transaction.channel)}</h2>${summary(transaction)}
    <p><code>${escapeHtml(transaction.paymentNo)}</code></p>
    ${button('', 'Pay', 'action', 'pay', true)}${button('', 'Decline', 'action', 'decline')}
    ${button('', 'Cancel', 'action', 'cancel')}${button('', 'Leave', 'action', 'leave')}</section>`,
  )

const over = (session: SessionRecord, transaction: TransactionRecord): string =>
  page(
    'Nothing left to pay',
    `<section><h2>${words[transaction.status].desc}</h2>${summary(session)}
    <p><a href="${escapeHtml(returnAddress(session.returnUrl, session, transaction))}">Back to the shop</a></p></section>`,
  )

const codePage = (transaction: TransactionRecord): string =>
  page(
    'How to pay',
    `<section><h2>${words[transaction.status].desc}</h2>${summary(transaction)}<p><code>${escapeHtml(
      transaction.paymentNo,
    )}</code></p><p>Bring it to ${escapeHtml(transaction.channel)}.</p></section>`,
  )

const note = (text: string): string => page('Sandbox', `<section><p>${escapeHtml(text)}</p></section>`)
