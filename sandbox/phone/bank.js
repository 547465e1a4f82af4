// The customer's banking app: the PromptPay codes that wait to be scanned, with a button that pays them.
import { h, toast } from './dom.js'

const LOOK_EVERY = 3000

/** The list of codes, which keeps itself up to date. */
export function createBank() {
  const codes = h('ul', { class: 'codes' })
  const element = h('section', { class: 'bank', hidden: true }, h('h3', {}, 'Banking app'), codes)
  let shown = ''

  async function look() {
    if (document.hidden) return
    const response = await fetch('/__sim/omise/pending').catch(() => null)
    if (!response?.ok) return
    const pending = await response.json()
    if (JSON.stringify(pending) === shown) return
    shown = JSON.stringify(pending)
    element.hidden = pending.length === 0
    codes.replaceChildren(...pending.map(row))
  }

  const row = (code) =>
    h(
      'li',
      {},
      h('img', { src: code.image, alt: '' }),
      h(
        'span',
        { class: 'code-words' },
        h('strong', {}, amount(code)),
        h('small', {}, code.description ?? code.id),
      ),
      h('button', { type: 'button', class: 'pill main', onclick: () => void pay(code) }, 'Pay'),
    )

  async function pay(code) {
    const response = await fetch(`/__sim/charges/${code.id}/mark_as_paid`, {
      method: 'POST',
      headers: { accept: 'application/json' },
    })
    toast(response.ok ? `Paid ${amount(code)}` : `The bank answered ${response.status}`)
    await look()
  }

  void look()
  setInterval(() => void look(), LOOK_EVERY)
  return element
}

/** Amounts come in the currency's smallest unit. */
function amount({ amount: units, currency }) {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  return format.format(units / 10 ** format.resolvedOptions().maximumFractionDigits)
}
