import { z } from 'zod'
import type { ShopSettings } from '../../models/shop.ts'
import { type Asked, viewCatalogue } from '../catalogue/index.ts'
import { type Call, type Caller, nonceOf, notFound, Reply, type Route, route } from '../http/index.ts'
import { acceptedLanguages, chosenLanguage } from '../language/index.ts'
import { viewByLink, viewByReturnKey } from '../pipeline/index.ts'
import { shopSettings } from '../shop/index.ts'
import { renderCataloguePage } from './catalogue.ts'
import { type Page, renderPage } from './checkout.ts'
import { consoleRoute } from './console.ts'
import { pagePolicy } from './policy.ts'
import { qrRoute } from './qr.ts'
import { ticketQrRoute } from './ticket-qr.ts'
import { chooseLanguage, spokenBy, wordsOf } from './words.ts'

type PageCall = Call<unknown, { lang?: string | undefined }, undefined, Caller>

const Token = z.object({ token: z.string().max(200) })
const Query = z.object({ lang: z.string().max(10).optional() })

const List = Query.extend({ c: z.string().max(24).optional(), q: z.string().max(100).optional() })

const byLink: Route = route({
  method: 'GET',
  path: '/w/:token',
  access: 'anyone',
  summary: 'The order or the catalogue behind a link. Changes nothing: crawlers follow links',
  hidden: true,
  params: Token,
  query: List,
  async handler(call) {
    const { c: category, q } = call.query
    if (await answerCatalogue(call, { view: 'list', category, q })) return
    const found = await viewByLink(call.params.token, call.headers)
    await answer(call, found.order ? 200 : 404, {
      kind: found.order ? 'checkout' : 'gone',
      order: found.order,
      ...(found.order && { channel: found.channel }),
      reason: found.reason,
    })
  },
})

const productByLink: Route = route({
  method: 'GET',
  path: '/w/:token/p/:productId',
  access: 'anyone',
  summary: 'A product of the catalogue behind a link',
  hidden: true,
  params: Token.extend({ productId: z.string().max(40) }),
  query: Query,
  async handler(call) {
    if (!(await answerCatalogue(call, { view: 'product', id: call.params.productId }))) await answerGone(call)
  },
})

const cartByLink: Route = route({
  method: 'GET',
  path: '/w/:token/cart',
  access: 'anyone',
  summary: 'The cart of the catalogue behind a link',
  hidden: true,
  params: Token,
  query: Query,
  async handler(call) {
    if (!(await answerCatalogue(call, { view: 'cart' }))) await answerGone(call)
  },
})

/** LIFF opens this address first, with the real one in `liff.state`; its script then goes on to that. */
const throughLiff: Route = route({
  method: 'GET',
  path: '/w',
  access: 'anyone',
  summary: 'Where LIFF begins',
  hidden: true,
  query: z.looseObject({ lang: z.string().max(10).optional() }),
  async handler(call) {
    const opening = 'liff.state' in call.query || 'liff.referrer' in call.query
    await answer(call, opening ? 200 : 404, {
      kind: 'gone',
      order: null,
      reason: opening ? null : 'link.unknown',
      opening,
    })
  },
})

const byReturn: Route = route({
  method: 'GET',
  path: '/r/:key',
  access: 'anyone',
  summary: 'How a payment stands, for whoever comes back from the bank in whichever browser',
  hidden: true,
  params: z.object({ key: z.string().max(200) }),
  query: z.looseObject({ lang: z.string().max(10).optional(), left: z.string().max(10).optional() }),
  async handler(call) {
    const order = await viewByReturnKey(call.params.key)
    // Within the bank's window, which the page that opened it may still see: it closes by itself.
    call.response.setHeader('Cross-Origin-Opener-Policy', 'unsafe-none')
    await answer(call, order ? 200 : 404, {
      kind: order ? 'result' : 'gone',
      order,
      reason: order ? null : 'link.unknown',
      left: call.query.left !== undefined,
      known: order !== null && call.caller?.kind === 'customer' && call.caller.orderIds.includes(order.id),
    })
  },
})

const words: Route = route({
  method: 'GET',
  path: '/api/words/:language',
  access: 'anyone',
  summary: "The texts of the customer's page in one of the shop's languages",
  params: z.object({ language: z.string().max(10) }),
  async handler({ params }) {
    if (!spokenBy(await shopSettings()).includes(params.language)) throw notFound('The language')
    return new Reply(200, wordsOf(params.language))
  },
})

async function answer(call: PageCall, status: number, page: Omit<Page, 'language' | 'shop'>): Promise<void> {
  const { response } = call
  const shop = await shopSettings()
  const language = languageOf(call, shop, page.order?.language)
  const nonce = nonceOf(response)
  const html = await renderPage({ ...page, shop, language }, nonce)
  response.setHeader('Content-Security-Policy', pagePolicy(page.order, nonce))
  response.setHeader('X-Robots-Tag', 'noindex')
  response.status(status).type('html').send(html)
}

/** The catalogue, where the link leads to it. */
async function answerCatalogue(
  call: PageCall & { params: { token: string } },
  asked: Asked,
): Promise<boolean> {
  const { params, response, headers } = call
  const found = await viewCatalogue(params.token, asked, headers)
  if (!found) return false
  const shop = await shopSettings()
  const language = languageOf(call, shop, found.language)
  const nonce = nonceOf(response)
  const { state, channel } = found
  const page = { state, shop, language, channel, base: `/w/${params.token}` }
  const html = await renderCataloguePage(page, nonce)
  response.setHeader('Content-Security-Policy', pagePolicy(null, nonce))
  response.setHeader('X-Robots-Tag', 'noindex')
  const gone = state.place.view === 'product' && !state.product
  response
    .status(gone ? 404 : 200)
    .type('html')
    .send(html)
  return true
}

/** Why a link to the catalogue does not open it any more. */
async function answerGone(call: PageCall & { params: { token: string } }): Promise<void> {
  const { reason } = await viewByLink(call.params.token, call.headers)
  await answer(call, 404, { kind: 'gone', order: null, reason: reason ?? 'link.unknown' })
}

/** What was chosen on a page, then the language of the chat, then what the browser asks for. */
const languageOf = ({ query, headers }: PageCall, shop: ShopSettings, chat: string | undefined): string =>
  chooseLanguage(
    [query.lang, chosenLanguage(headers.cookie), chat, ...acceptedLanguages(headers['accept-language'])],
    shop,
  )

export { setChatAddresses } from './chat-address.ts'
export { brandOf, builtEntry } from './checkout.ts'
export { pagePolicy } from './policy.ts'
export { chooseLanguage } from './words.ts'

export const routes: Route[] = [
  byLink,
  productByLink,
  cartByLink,
  throughLiff,
  byReturn,
  words,
  qrRoute,
  ticketQrRoute,
  consoleRoute,
]
