import { escapeHtml } from '../html.ts'

/** What a bank's form shows of an order. */
export interface FormOrder {
  bank: string
  number: string
  description: string
  amount: string
  /** Null while it waits to be paid; else why it cannot be paid. */
  over: string | null
  /** What has just gone wrong, where another try is possible. */
  wrong?: string
  /** Where a finished order leads. */
  back: string
}

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #eef3ee; color: #16281d }
  header { background: #0f5132; color: #fff; padding: .7rem 1rem; font-weight: 600 }
  main { max-width: 30rem; margin: 0 auto; padding: 1rem } h1 { font-size: 1.2rem; margin: 0 0 .5rem }
  section { background: #fff; border-radius: .5rem; padding: 1rem; box-shadow: 0 1px 3px #0002 }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1rem }
  dt { color: #4d6155 } dd { margin: 0; text-align: right; overflow-wrap: anywhere } form { display: inline }
  button { font: inherit; padding: .55rem 1.1rem; margin: .15rem; border: 1px solid #8ba394; border-radius: .4rem;
  background: #fff; cursor: pointer } button.yes { background: #0f5132; border-color: #0f5132; color: #fff }
  .note { color: #4d6155; font-size: .9rem }`

/** The bank's own page, where the customer would type a card. */
export function formPage(order: FormOrder): string {
  const { bank, number, description, amount, over, wrong, back } = order
  if (over) {
    return page(
      bank,
      `<section><h1>There is nothing left to pay</h1><p>${escapeHtml(over)}</p>
      <p><a href="${escapeHtml(back)}">Back to the shop</a></p></section>`,
    )
  }
  return page(
    bank,
    `<section><h1>Payment by card</h1>${wrong ? `<p role="alert">${escapeHtml(wrong)}</p>` : ''}<dl><dt>To</dt><dd>Parley sample shop</dd>
    <dt>For</dt><dd>${escapeHtml(description)}</dd><dt>Order</dt><dd>${escapeHtml(number)}</dd>
    <dt>Amount</dt><dd><strong>${escapeHtml(amount)}</strong></dd></dl>
    ${button('Pay', 'pay', true)}${button('Decline', 'decline')}${button('Cancel', 'cancel')}${button('Leave', 'leave')}</section>
    <p class="note">A simulated page. No money moves. <em>Leave</em> ends here without going back to the shop.</p>`,
  )
}

/** After *Leave*: the customer is still at the bank, and the shop hears nothing. */
export const leftPage = (bank: string): string =>
  page(
    bank,
    '<section><h1>You left without answering</h1><p>The order still waits. Close this window.</p></section>',
  )

const button = (label: string, value: string, good = false): string =>
  `<form method="post"><button name="action" value="${value}"${good ? ' class="yes"' : ''}>${label}</button></form>`

const page = (bank: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${escapeHtml(bank)}</title><style>${style}</style></head><body><header>${escapeHtml(bank)} (simulated)</header>` +
  `<main>${body}</main></body></html>`
