import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import type { Language } from '../../models/states.ts'
import type { Call, Caller } from '../http/index.ts'
import { acceptedLanguages, chosenLanguage, translate } from '../language/index.ts'
import { brandOf, builtEntry, chooseLanguage, pagePolicy } from '../pages/index.ts'
import { shopSettings } from '../shop/index.ts'

const templates = new URL('./templates/', import.meta.url)
const handlebars = Handlebars.create()
handlebars.registerHelper('t', function (this: unknown, key: string, options: Handlebars.HelperOptions) {
  return translate(options.data.root.language as Language, key, options.hash)
})
const read = (name: string) => readFileSync(new URL(name, templates), 'utf8')
for (const name of readdirSync(templates)) {
  if (name.startsWith('_')) handlebars.registerPartial(name.slice(1, -4), read(name))
}
const compiled = Object.fromEntries(
  readdirSync(templates)
    .filter((name) => name.endsWith('.hbs') && !name.startsWith('_'))
    .map((name) => [name.slice(0, -4), handlebars.compile(read(name), { strict: false })]),
)
const own = read('page.css')
const script = read('follow.js')

type AnyCall = Pick<Call<unknown, unknown, unknown, Caller>, 'response' | 'headers' | 'request'>

/** What the templates find beside what a page gives them. */
export interface Sheet {
  title: string
  /** A page that waits asks this address, and shows itself anew when the answer differs from what is shown. */
  follow?: { url: string; seen: string }
  [name: string]: unknown
}

/** The first of the reader's wishes that the shop speaks. */
export async function languageFor({ headers, request }: AnyCall, otherwise?: string): Promise<Language> {
  const asked = request.query['lang']
  const cookie = chosenLanguage(headers.cookie)
  const browser = acceptedLanguages(headers['accept-language'])
  const wishes = [typeof asked === 'string' ? asked : undefined, cookie, otherwise, ...browser]
  return chooseLanguage(wishes, await shopSettings()) as Language
}

/** Answers with a page that the server draws alone: the look of the checkout, and no script but one that waits. */
export async function sendPage(
  { response }: AnyCall,
  {
    template,
    language,
    sheet,
    status = 200,
  }: {
    template: string
    language: Language
    sheet: Sheet
    status?: number
  },
): Promise<void> {
  const shop = await shopSettings()
  const nonce = randomBytes(16).toString('base64')
  const { css } = builtEntry('webview/checkout/entry-client.ts')
  const body = compiled[template]?.({ ...sheet, language, shop })
  const html = compiled['page']?.({
    ...sheet,
    language,
    shop,
    nonce,
    css: `${css}${own}${brandOf(shop)}`,
    script: sheet.follow ? script : '',
    body,
  })
  response.setHeader('Content-Security-Policy', pagePolicy(null, nonce, { formsLeave: true }))
  // Our own forms must be known to come from us; other sites still learn nothing.
  response.setHeader('Referrer-Policy', 'same-origin')
  response.setHeader('X-Robots-Tag', 'noindex')
  response.setHeader('Cache-Control', 'no-store')
  response.status(status).type('html').send(html)
}
