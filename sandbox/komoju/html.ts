import { escapeHtml, tablesOnPhones } from '../html.ts'

/** "3000 JPY" as a person reads it. */
export const amountText = (amount: number, currency: string): string => {
  const digits = currency === 'JPY' ? 0 : 2
  const value = digits ? amount / 100 : amount
  return `${value.toLocaleString('en', { minimumFractionDigits: digits })} ${currency}`
}

const style = `
  body { font: 16px/1.6 system-ui, sans-serif; margin: 0; background: #f3f5f7; color: #1b2430 }
  main { max-width: 30rem; margin: 0 auto; padding: 1.25rem 1rem } main.wide { max-width: 64rem }
  header { background: #1d3f6e; color: #fff; padding: .8rem 1rem; font-weight: 600 }
  section { background: #fff; border-radius: .75rem; padding: 1.25rem; margin-bottom: 1rem; box-shadow: 0 1px 3px #0002 }
  h1 { font-size: 1.2rem; margin: 0 0 .75rem } h2 { font-size: 1.05rem; margin: 1.25rem 0 .5rem }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem } dt { color: #566173 } dd { margin: 0; text-align: right }
  label { display: block; margin: .6rem 0 } input, select { font: inherit; display: block; width: 100%; box-sizing: border-box; padding: .5rem }
  form.inline { display: inline } button { font: inherit; padding: .6rem 1.2rem; margin: .3rem .3rem 0 0; border: 1px solid #8d98a8;
  border-radius: .5rem; background: #fff; cursor: pointer } button.yes { background: #12694a; border-color: #12694a; color: #fff }
  .code { font: 600 1.6rem/1.4 ui-monospace, monospace; letter-spacing: .08em } .note { color: #566173; font-size: .9rem }
  .bad { background: #fdecea; color: #8a1c12; padding: .6rem .8rem; border-radius: .5rem }
  table { width: 100%; border-collapse: collapse } td, th { text-align: left; padding: .4rem; border-top: 1px solid #dde2ea }`

/** A page of the simulated platform. `body` is HTML; whatever comes from outside is escaped by the caller. */
export const page = (title: string, body: string, wide = false): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
  `<title>${escapeHtml(title)}</title><link rel="icon" href="data:,"><style>${style}${tablesOnPhones}</style></head><body>` +
  `<header>KOMOJU · sandbox</header><main${wide ? ' class="wide"' : ''}>${body}</main></body></html>`

/** A form of one button. */
export const button = (
  action: string,
  label: string,
  fields: Record<string, string> = {},
  good = false,
): string =>
  `<form class="inline" method="post" action="${escapeHtml(action)}">${Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('')}<button${good ? ' class="yes"' : ''}>${escapeHtml(label)}</button></form>`
