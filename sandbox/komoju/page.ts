import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { escapeHtml } from '../html.ts'
import { isExpired } from './bodies.ts'
import { decliningCard, failureMessages, usualCard } from './cards.ts'
import { amountText, button, page } from './html.ts'
import { read } from './input.ts'
import type { Platform } from './platform.ts'
import { type SessionRecord, type Store, stores } from './records.ts'

const Answer = z.discriminatedUnion('action', [
  z.object({ action: z.literal('pay'), number: z.string().max(30) }),
  z.object({ action: z.literal('decline') }),
  z.object({ action: z.enum(['agree', 'refuse']), number: z.string().max(30) }),
  z.object({
    action: z.literal('konbini'),
    store: z.enum(Object.keys(stores) as [Store, ...Store[]]),
    email: z.email(),
  }),
  z.object({ action: z.enum(['cancel', 'leave']) }),
])
type Answer = z.output<typeof Answer>

/**
 * The hosted page of a session. Whatever the customer does, the browser goes back to the shop's address with the
 * session's id and no word of what happened; *Leave* does not go back at all, and a card that was refused may be
 * tried again.
 */
export function sessionPage(router: Router, platform: Platform): void {
  const path = '/komoju/sessions/:id'

  router.get(path, (request: Request, response: Response) => {
    const session = platform.session(String(request.params['id']))
    response.type('html').send(isOpen(session) ? question(session, platform) : over(session))
  })

  router.post(path, express.urlencoded({ extended: false }), async (request: Request, response: Response) => {
    platform.sweep()
    const session = platform.session(String(request.params['id']))
    const answer = read(Answer, request.body)
    if (answer.action === 'leave') return void response.type('html').send(left())
    if (!isOpen(session)) return void response.redirect(303, back(session))
    const shown = act(platform, session, answer)
    await platform.hooks.release()
    if (shown) response.type('html').send(shown)
    else response.redirect(303, back(session))
  })

  const isOpen = (session: SessionRecord) =>
    session.status === 'pending' && !isExpired(session, platform.now())
}

/** What the page shows next; null when the customer goes back to the shop. */
function act(platform: Platform, session: SessionRecord, answer: Answer): string | null {
  switch (answer.action) {
    case 'pay':
    case 'decline': {
      const number = answer.action === 'pay' ? answer.number : decliningCard
      const { threeDs } = platform.payByCard(session, number)
      if (threeDs && !session.scenario) return bankQuestion(session, number)
      break
    }
    case 'agree':
    case 'refuse':
      platform.answerThreeDs(session, answer.number, answer.action === 'agree')
      break
    case 'konbini':
      platform.issueCode(session, answer)
      break
    case 'cancel':
      platform.cancelSession(session)
      break
    default:
  }
  return session.status === 'pending' ? question(session, platform) : null
}

/** The shop's address with the session's id, which is all that it is ever told this way. */
function back({ id, returnUrl }: SessionRecord): string {
  const url = new URL(returnUrl)
  url.searchParams.append('session_id', id)
  return url.href
}

function question(session: SessionRecord, platform: Platform): string {
  const payment = session.payment ? platform.payment(session.payment) : null
  const failed = payment?.failure
    ? `<p class="bad" role="alert">${escapeHtml(failureMessages[payment.failure] ?? payment.failure)} You can try again.</p>`
    : ''
  return page(
    'Payment',
    `<section><h1>Payment · お支払い</h1>${failed}<dl><dt>For</dt><dd>${escapeHtml(session.description ?? '')}</dd>
    <dt>Amount</dt><dd><strong>${amountText(session.amount, session.currency)}</strong></dd></dl>
    ${session.methods.includes('credit_card') ? cardForm() : ''}
    ${session.methods.includes('konbini') ? konbiniForm(session) : ''}
    <h2>Or</h2>${button('', 'Cancel', { action: 'cancel' })}${button('', 'Leave', { action: 'leave' })}</section>
    <p class="note">A simulated page. No money moves. <em>Leave</em> closes it without going back to the shop.</p>`,
  )
}

const cardForm = (): string =>
  `<h2>Card · クレジットカード</h2><form method="post"><input type="hidden" name="action" value="pay">
  <label>Card number<input name="number" inputmode="numeric" value="${usualCard}" required></label>
  <button class="yes">Pay</button></form>${button('', 'Decline', { action: 'decline' })}
  <p class="note">3-D Secure: 4100000000000100. No money: 4123111111111000. Wrong code: 4123111111111034.</p>`

const konbiniForm = ({ email }: SessionRecord): string =>
  `<h2>Convenience store · コンビニ</h2><form method="post"><input type="hidden" name="action" value="konbini">
  <label>Store<select name="store">${Object.entries(stores)
    .map(([value, label]) => `<option value="${value}">${label}</option>`)
    .join('')}</select></label>
  <label>E-mail<input name="email" type="email" value="${escapeHtml(email ?? 'customer@example.com')}" required></label>
  <button class="yes">Get the code</button></form>`

const bankQuestion = (session: SessionRecord, number: string): string =>
  page(
    'Your bank asks',
    `<section><h1>Your bank asks: is it you?</h1><p>${amountText(session.amount, session.currency)}</p>
    ${button('', 'Pay', { action: 'agree', number }, true)}${button('', 'Decline', { action: 'refuse', number })}
    ${button('', 'Leave', { action: 'leave' })}</section>`,
  )

const over = (session: SessionRecord): string =>
  page(
    'Nothing to pay',
    `<section><h1>There is nothing left to pay here</h1>
    <p>This session is ${session.status === 'pending' ? 'expired' : session.status}.</p>
    <p><a href="${escapeHtml(back(session))}">Back to the shop</a></p></section>`,
  )

const left = (): string =>
  page('You left', '<section><h1>You left</h1><p>The session still waits. Close this window.</p></section>')
