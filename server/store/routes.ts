import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { currencies } from '../../models/money.ts'
import { productKinds } from '../../models/states.ts'
import { AppError, notFound, type Route, route } from '../http/index.ts'
import { findPicture, largestUpload } from '../shop/index.ts'
import { currenciesOnSale, findProducts, getProduct } from './find.ts'
import { packingSlip } from './packing-slip.ts'
import { placeRoutes } from './places.ts'
import { addPicture, changeProduct, createProduct, removePicture } from './products.ts'
import { changeStock, placesOf } from './stock.ts'

const id = z.string().regex(/^[0-9a-f]{24}$/)
const ProductId = z.strictObject({ productId: id })
const prices = z.partialRecord(z.enum(currencies), z.int().min(0).max(1_000_000_000_000))
const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const pieces = z.int().min(-1_000_000).max(1_000_000)

const fields = {
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(5000),
  categoryId: id.nullable(),
  prices: prices.refine((value) => Object.keys(value).length > 0, 'give a price in at least one currency'),
  variants: z
    .array(
      z.strictObject({
        sku: z.string().trim().max(64).optional(),
        name: z.string().trim().max(100).optional(),
        prices: prices.optional(),
      }),
    )
    .min(1)
    .max(100),
  hidden: z.boolean(),
}
const NewProduct = z.strictObject({
  ...fields,
  kind: z.enum(productKinds).optional(),
  description: fields.description.optional(),
  categoryId: fields.categoryId.optional(),
  variants: fields.variants.optional(),
  hidden: fields.hidden.optional(),
})

/** Products, their photographs and their stock. */
export const routes: Route[] = [
  ...placeRoutes,
  route({
    method: 'GET',
    path: '/api/products',
    access: 'agent',
    summary: 'Products, found by words inside their names, page by page',
    query: z.strictObject({
      q: z.string().max(100).optional(),
      category: id.optional(),
      hidden: flag.optional(),
      limit: z.coerce.number().int().min(1).max(100).optional(),
      cursor: z.string().max(2000).optional(),
    }),
    handler: ({ query }) => findProducts(query),
  }),
  route({
    method: 'GET',
    path: '/api/currencies',
    access: 'agent',
    summary: "The currencies that something on sale has a price in, the shop's own first",
    handler: async () => ({ currencies: await currenciesOnSale() }),
  }),
  route({
    method: 'GET',
    path: '/api/products/:productId',
    access: 'agent',
    summary: 'One product',
    params: ProductId,
    handler: ({ params }) => getProduct(params.productId),
  }),
  route({
    method: 'POST',
    path: '/api/products',
    access: 'manager',
    summary: 'Add a product',
    body: NewProduct,
    handler: ({ caller, body }) => createProduct(caller, body),
  }),
  route({
    method: 'PATCH',
    path: '/api/products/:productId',
    access: 'manager',
    summary: 'Change a product; 409 with the product as it is when somebody else was first',
    params: ProductId,
    body: z.strictObject({ version: z.int().min(0), ...z.strictObject(fields).partial().shape }),
    handler({ caller, params, body }) {
      const { version, ...change } = body
      return changeProduct(caller, params.productId, version, change)
    },
  }),
  route({
    method: 'POST',
    path: '/api/products/:productId/images',
    access: 'manager',
    summary: 'Add a photo: the bytes of a JPEG, PNG, WebP or GIF',
    params: ProductId,
    raw: true,
    limit: largestUpload,
    rate: 60,
    handler: ({ caller, params, body }) => addPicture(caller, params.productId, body as unknown as Buffer),
  }),
  route({
    method: 'DELETE',
    path: '/api/products/:productId/images/:index',
    access: 'manager',
    summary: 'Take the photo at this place away',
    params: z.strictObject({ productId: id, index: z.coerce.number().int().min(0).max(100) }),
    handler: ({ caller, params }) => removePicture(caller, params.productId, params.index),
  }),
  route({
    method: 'PUT',
    path: '/api/products/:productId/stock',
    access: 'manager',
    summary: 'Move the stock of a variant in a store: by a difference, or to what was counted',
    params: ProductId,
    body: z
      .strictObject({
        sku: z.string().min(1).max(64),
        storeId: id,
        change: pieces.optional(),
        counted: pieces.min(0).optional(),
        expected: pieces.min(0).optional(),
        reason: z.string().trim().min(1).max(200),
      })
      .refine((body) => (body.change === undefined) !== (body.counted === undefined), {
        message: 'give either change or counted',
      }),
    handler: ({ caller, params, body }) => changeStock(caller, params.productId, body),
  }),
  route({
    method: 'GET',
    path: '/images/:key',
    access: 'anyone',
    summary: 'A photo. Its address is never used for another one',
    params: z.strictObject({ key: z.string().regex(/^[\w-]{3,60}\.jpg$/) }),
    hidden: true,
    async handler({ params, response }) {
      const picture = await findPicture(params.key)
      if (!picture) throw notFound('The picture')
      response.setHeader('Content-Type', picture.type)
      response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
      // Chats and mails show it too.
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
      response.end(picture.bytes)
    },
  }),
  route({
    method: 'GET',
    path: '/api/orders/:id/packing-slip',
    access: 'agent',
    summary: 'What to pack and where it lies, as a page to print',
    params: z.strictObject({ id }),
    async handler({ params, response }) {
      const nonce = randomBytes(16).toString('base64')
      const page = await packingSlip(params.id, nonce)
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.setHeader(
        'Content-Security-Policy',
        `default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'none'`,
      )
      response.end(page)
    },
  }),
  route({
    method: 'GET',
    path: '/api/store/get',
    access: 'anyone',
    summary: 'How much of a product lies in each store',
    query: z.strictObject({ productId: z.coerce.number().int().min(0) }),
    plainErrors: true,
    async handler({ query, caller }) {
      if (!caller) throw new AppError('access.session', 'Log in first.', { status: 401 })
      const places = await placesOf(query.productId)
      if (!places) throw notFound('The product')
      return places
    },
  }),
]
