import { z } from 'zod'
import { currencies } from '../../models/money.ts'
import { openCustomerSession } from '../auth/index.ts'
import { AppError, notFound, type Route, route } from '../http/index.ts'
import { type CatalogueLink, catalogueLinkById, findCatalogueLink } from '../order/index.ts'
import { ContextChanged, expectCustomer, Proof } from '../pipeline/index.ts'
import { cartOf, confirmCart, setQuantity, viewCart, viewFilling } from './cart.ts'
import { findGoods, listGoods, viewGoods } from './goods.ts'
import { copyCatalogueLink, sendCatalogue } from './send.ts'

const id = z.string().regex(/^[0-9a-f]{24}$/)
const CatalogueId = z.object({ catalogueId: z.string() })
const sku = z.string().min(1).max(64)
const pieces = z.int().min(0).max(10_000)

const Choice = z.strictObject({
  categoryId: id.optional(),
  productIds: z.array(id).min(1).max(60).optional(),
  currency: z.enum(currencies).optional(),
})
const choice = z.union([z.undefined(), Choice])
const ConversationId = z.object({ id: z.string() })

const open: Route = route({
  method: 'POST',
  path: '/w/:token/browse',
  access: 'anyone',
  summary: 'Opens the catalogue by its link: a session for this browser, and its cart',
  params: z.object({ token: z.string() }),
  rate: 120,
  async handler({ params, request, response }) {
    const link = await findCatalogueLink(params.token)
    if (!link) throw notFound('The catalogue')
    const visit = { customerId: String(link.customer), catalogueIds: [String(link._id)], proven: false }
    const { proven } = await openCustomerSession({ request, response }, visit)
    return { id: String(link._id), proven, cart: await viewCart(await cartOf(link)) }
  },
})

const identify: Route = route({
  method: 'POST',
  path: '/api/catalogue/:catalogueId/identify',
  access: 'customer',
  summary:
    'Shows who looks at the catalogue, by what LINE or Messenger has signed, for the checkout that follows',
  params: CatalogueId,
  body: Proof,
  rate: 30,
  async handler({ params, body, caller, request, response }) {
    const { _id, customer } = await linkOf(params.catalogueId)
    await expectCustomer(body, customer, caller)
    const visit = { customerId: String(customer), catalogueIds: [String(_id)], proven: true }
    await openCustomerSession({ request, response }, visit)
    return { proven: true }
  },
})

const goods: Route = route({
  method: 'GET',
  path: '/api/catalogue/:catalogueId/goods',
  access: 'customer',
  summary: 'What can be ordered, found by words inside names or by category, page by page',
  params: CatalogueId,
  query: z.strictObject({
    q: z.string().max(100).optional(),
    category: z
      .string()
      .regex(/^([0-9a-f]{24}|picked|all)$/)
      .optional(),
    cursor: z.string().max(2000).optional(),
    limit: z.coerce.number().int().min(1).max(60).optional(),
  }),
  async handler({ params, query }) {
    const link = await linkOf(params.catalogueId)
    return listGoods(query, link.catalogue, await currencyOf(link))
  },
})

const product: Route = route({
  method: 'GET',
  path: '/api/catalogue/:catalogueId/goods/:productId',
  access: 'customer',
  summary: 'A product: pictures, variants, prices, and what lies in each store',
  params: z.object({ catalogueId: z.string(), productId: z.string() }),
  async handler({ params }) {
    const link = await linkOf(params.catalogueId)
    const currency = await currencyOf(link)
    const found = await findGoods(params.productId, currency)
    if (!found) throw notFound('The product')
    return viewGoods(found, currency)
  },
})

const cart: Route = route({
  method: 'GET',
  path: '/api/catalogue/:catalogueId/cart',
  access: 'customer',
  summary: 'The cart as it is now',
  params: CatalogueId,
  handler: async ({ params }) => viewCart(await cartOf(await linkOf(params.catalogueId))),
})

const put: Route = route({
  method: 'PUT',
  path: '/api/catalogue/:catalogueId/cart',
  access: 'customer',
  summary:
    'Sets how many pieces of one thing are wanted, where the page showed `seen`; the first makes the draft',
  params: CatalogueId,
  body: z.strictObject({ productId: id, sku, quantity: pieces, seen: pieces }),
  handler: ({ params, body }) =>
    withCart(params.catalogueId, async (link) => viewCart(await setQuantity(link, body))),
})

const confirm: Route = route({
  method: 'POST',
  path: '/api/catalogue/:catalogueId/confirm',
  access: 'customer',
  summary: 'Confirms the cart as it was seen: opens the order, and answers where it is checked out',
  params: CatalogueId,
  body: z.strictObject({ orderId: z.string().max(40), seal: z.string().max(40) }),
  handler: ({ params, body }) =>
    withCart(params.catalogueId, async (link) => ({
      url: `/w/${await confirmCart(link, body.orderId, body.seal)}`,
    })),
})

const send: Route = route({
  method: 'POST',
  path: '/api/conversations/:id/catalog',
  access: 'agent',
  summary: 'Sends the catalogue into the chat: everything, a category, or picked products',
  params: ConversationId,
  body: choice,
  handler: ({ params, body = {}, caller }) => sendCatalogue(params.id, body, caller),
})

const copy: Route = route({
  method: 'POST',
  path: '/api/conversations/:id/catalog/link',
  access: 'agent',
  summary: 'A fresh link to the catalogue to copy',
  params: ConversationId,
  body: choice,
  handler: ({ params, body = {}, caller }) => copyCatalogueLink(params.id, body, caller),
})

const filling: Route = route({
  method: 'GET',
  path: '/api/conversations/:id/cart',
  access: 'agent',
  summary: 'What the customer has put into the cart and has not confirmed; null when there is nothing',
  params: ConversationId,
  handler: async ({ params }) => ({ cart: await viewFilling(params.id) }),
})

async function linkOf(catalogueId: string): Promise<CatalogueLink> {
  const link = await catalogueLinkById(catalogueId)
  if (link) return link
  throw new AppError('catalogue.gone', 'This link has expired. Open the newest card in the chat.', {
    status: 410,
  })
}

const currencyOf = async (link: CatalogueLink) => (await cartOf(link))?.currency ?? link.catalogue.currency

/** The page that lost gets the cart as it is now, and what changed, so that it can show both and go on. */
async function withCart<T>(catalogueId: string, work: (link: CatalogueLink) => Promise<T>): Promise<T> {
  const link = await linkOf(catalogueId)
  try {
    return await work(link)
  } catch (error) {
    if (!(error instanceof AppError) || error.status !== 409) throw error
    const { code, message, status, details: known } = error
    const details = {
      ...(known as object | undefined),
      cart: await viewCart(await cartOf(link)),
      changes: error instanceof ContextChanged ? error.changes : [],
    }
    throw new AppError(code, message, { status, reload: true, details, cause: error })
  }
}

export const routes: Route[] = [open, identify, goods, product, cart, put, confirm, send, copy, filling]
export { listGoods, pickedGoods } from './goods.ts'
export { type Asked, viewCatalogue } from './page.ts'
