import { z } from 'zod'
import { type Call, type Caller, nonceOf, notFound, Reply, type Route, route } from '../http/index.ts'
import { viewByLink, viewByReturnKey } from '../pipeline/index.ts'
import { shopSettings } from '../shop/index.ts'
import { type Page, renderPage } from './checkout.ts'
import { consoleRoute } from './console.ts'
import { pagePolicy } from './policy.ts'
import { qrRoute } from './qr.ts'
import { chooseLanguage, hasLanguage, wordsOf } from './words.ts'

type PageCall = Call<unknown, { lang?: string | undefined }, undefined, Caller>

const Query = z.object({ lang: z.string().max(10).optional() })

const byLink: Route = route({
  method: 'GET',
  path: '/w/:token',
  access: 'anyone',
  summary: 'The order behind a link. Changes nothing: crawlers follow links',
  hidden: true,
  params: z.object({ token: z.string().max(200) }),
  query: Query,
  async handler(call) {
    const found = await viewByLink(call.params.token, call.headers)
    await answer(call, found.order ? 200 : 404, {
      kind: found.order ? 'checkout' : 'gone',
      order: found.order,
      reason: found.reason,
    })
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
  query: z.looseObject({ lang: z.string().max(10).optional() }),
  async handler(call) {
    const order = await viewByReturnKey(call.params.key)
    await answer(call, order ? 200 : 404, {
      kind: order ? 'result' : 'gone',
      order,
      reason: order ? null : 'link.unknown',
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
    if (!hasLanguage(params.language)) throw notFound('The language')
    return new Reply(200, wordsOf(params.language))
  },
})

async function answer(call: PageCall, status: number, page: Omit<Page, 'language' | 'shop'>): Promise<void> {
  const { response, headers, query } = call
  const shop = await shopSettings()
  const language = chooseLanguage([query.lang, cookieOf(headers.cookie), page.order?.language], shop)
  const nonce = nonceOf(response)
  const html = await renderPage({ ...page, shop, language }, nonce)
  response.setHeader('Content-Security-Policy', pagePolicy(page.order, nonce))
  response.setHeader('X-Robots-Tag', 'noindex')
  response.status(status).type('html').send(html)
}

const cookieOf = (cookies: string | undefined) => /(?:^|;\s*)language=(\w+)/.exec(cookies ?? '')?.[1]

export const routes: Route[] = [byLink, throughLiff, byReturn, words, qrRoute, consoleRoute]
