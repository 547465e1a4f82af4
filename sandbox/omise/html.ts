import { tablesOnPhones } from '../html.ts'

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char)

/** "30000 THB" as a person reads it. The simulated account knows one currency without hundredths. */
export const amountText = (amount: number, currency: string): string =>
  `${(currency === 'JPY' ? amount : amount / 100).toLocaleString('en', {
    minimumFractionDigits: currency === 'JPY' ? 0 : 2,
  })} ${currency}`

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #eef1f6; color: #1c2433 }
  main { max-width: 30rem; margin: 0 auto; padding: 1.5rem 1rem }
  main.wide { max-width: 70rem }
  header { background: #13294b; color: #fff; padding: .8rem 1rem; font-weight: 600 }
  section { background: #fff; border-radius: .75rem; padding: 1.25rem; margin-bottom: 1rem; box-shadow: 0 1px 3px #0002 }
  h1 { font-size: 1.2rem; margin: 0 0 .75rem } dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem }
  dt { color: #58637a } dd { margin: 0; text-align: right }
  form { display: inline } button { font: inherit; padding: .6rem 1.2rem; margin: .2rem; border: 1px solid #9aa5b8;
  border-radius: .5rem; background: #fff; cursor: pointer } button.yes { background: #0b6b3a; border-color: #0b6b3a; color: #fff }
  table { width: 100%; border-collapse: collapse } td, th { text-align: left; padding: .4rem; border-top: 1px solid #dde2ea }
  img { width: 100%; max-width: 16rem; display: block; margin: 0 auto } .note { color: #58637a; font-size: .9rem }`

/** A page of the simulated outside world. `body` is HTML; whatever comes from outside is escaped by the caller. */
export const page = (title: string, header: string, body: string, wide = false): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${escapeHtml(title)}</title><link rel="icon" href="data:,"><style>${style}${tablesOnPhones}</style></head><body><header>${escapeHtml(header)}</header>` +
  `<main${wide ? ' class="wide"' : ''}>${body}</main></body></html>`

export const button = (action: string, label: string, name = '', value = '', good = false): string =>
  `<form method="post" action="${escapeHtml(action)}"><button${good ? ' class="yes"' : ''}${
    name ? ` name="${name}" value="${escapeHtml(value)}"` : ''
  }>${escapeHtml(label)}</button></form>`
