import express, { type Request, type Response, type Router } from 'express'
import { button, escapeHtml, page } from '../omise/html.ts'
import { bad } from './errors.ts'
import { rupiah } from './pages.ts'
import type { Platform } from './platform.ts'
import { paidStatuses, statuses, type TransactionRecord, words } from './records.ts'

/** What a bank, a cashier and the platform's dashboard do by hand, as a page and over HTTP. */
export function simPages(platform: Platform): Router {
  const router = express.Router()
  const actions: Record<string, (transaction: TransactionRecord) => void> = {
    pay: (one) => platform.pay(one),
    decline: (one) => platform.end(one, statuses.FAILED),
    cancel: (one) => platform.end(one, statuses.CANCELLED),
    error: (one) => platform.end(one, statuses.ERROR),
    expire: (one) => platform.end(one, statuses.EXPIRED),
    settle: (one) => platform.settle(one),
    refund: (one) => platform.refund(one),
  }

  router.get('/', (_request: Request, response: Response) => {
    platform.sweep()
    response.type('html').send(dashboard(platform.transactions().toReversed().slice(0, 200)))
  })
  router.get('/transactions', (_request: Request, response: Response) => {
    platform.sweep()
    response.json(platform.transactions())
  })
  router.post('/transactions/:id/:action', async (request: Request, response: Response) => {
    platform.sweep()
    const act = actions[String(request.params['action'])]
    if (!act) throw bad(`use one of: ${Object.keys(actions).join(', ')}`)
    const transaction = platform.transaction(String(request.params['id']))
    act(transaction)
    await platform.callbacks.release()
    if (request.accepts(['json', 'html']) === 'html') response.redirect(303, '/__sim/ipaymu')
    else response.json(transaction)
  })
  return router
}

function dashboard(transactions: TransactionRecord[]): string {
  const rows = transactions.map((one) => {
    const act = (action: string, label: string, good = false) =>
      button(`/__sim/ipaymu/transactions/${one.id}/${action}`, label, '', '', good)
    const waits = one.status === statuses.PENDING
    const paid = paidStatuses.includes(one.status)
    const buttons = [
      waits &&
        act('pay', 'Pay', true) + act('decline', 'Decline') + act('expire', 'Expire') + act('error', 'Error'),
      paid && one.status !== statuses.PAID && act('settle', 'Settle'),
      paid && act('refund', 'Refund'),
    ]
    return `<tr><td><code>${one.id}</code></td><td>${escapeHtml(one.product)}</td><td>${escapeHtml(
      `${one.via} ${one.channel}`,
    )}</td><td><code>${escapeHtml(one.paymentNo)}</code></td><td>${rupiah(one.amount)}</td>
    <td>${words[one.status].desc} (${one.status})</td><td>${buttons.filter(Boolean).join('')}</td></tr>`
  })
  return page(
    'iPaymu sandbox',
    'Sandbox iPaymu: transactions',
    `<section><table><thead><tr><th>Transaction</th><th>For</th><th>Channel</th><th>Code</th><th>Amount</th>
    <th>Status</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>
    ${rows.length ? '' : '<p>No transaction yet.</p>'}</section>`,
    true,
  )
}
