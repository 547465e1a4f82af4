import { createHash, randomUUID } from 'node:crypto'
import { Types } from 'mongoose'
import { Conversations } from '../../models/conversation.ts'
import type { Currency } from '../../models/money.ts'
import type { Language } from '../../models/states.ts'
import type { Product } from '../../models/store.ts'
import { openCustomerSession } from '../auth/index.ts'
import { AppError, once, Reply, type Route, route } from '../http/index.ts'
import { formatMoney, translate } from '../language/index.ts'
import { findOrder, needsDelivery, orderAtOnce } from '../order/index.ts'
import { takeStep } from '../pipeline/index.ts'
import { shopSettings } from '../shop/index.ts'
import { availableFor, priceOf, searchProducts } from '../store/index.ts'
import {
  addressForm,
  addressIn,
  type CustomerCall,
  type Fields,
  formBody,
  formLimit,
  readForm,
} from './form.ts'
import { languageFor, sendPage } from './look.ts'
import { isForReader, noticeOf, wrongFields } from './notices.ts'

/** As many as a list to choose from can bear; the catalogue in the chat has them all. */
const mostProducts = 100

export const createRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/my/orders/create',
    access: 'customer',
    summary: 'The form of a new order',
    hidden: true,
    async handler(call) {
      await showForm(call, { fields: new Map() })
    },
  }),
  route({
    method: 'POST',
    path: '/my/orders',
    access: 'customer',
    summary: 'Opens an order from the form',
    hidden: true,
    raw: true,
    body: formBody,
    limit: formLimit,
    async handler(call) {
      const fields = readForm(call)
      try {
        // Two taps on the button open one order.
        const request = [...fields]
        const key = fields.get('key')
        const answer = await once({ scope: `my-orders:${call.caller.customerId}`, key, request }, () =>
          place(call, fields),
        )
        call.response.redirect(303, `/my/orders/${placed(answer)}`)
      } catch (error) {
        if (!isForReader(error)) throw error
        await showForm(call, { fields, error })
      }
    },
  }),
]

/** The order that an answer names, be it the first or a repeated one; the error, where it was one. */
function placed(answer: unknown): string {
  const { status, body } = answer instanceof Reply ? answer : new Reply(200, answer)
  const { orderId, error } = body as {
    orderId?: string
    error?: { code: string; message: string; details?: unknown }
  }
  if (orderId) return orderId
  if (!error) throw new Error('the form was answered with neither an order nor an error')
  throw new AppError(error.code, error.message, { status, details: error.details })
}

/** Opens the order, and puts the customer's details into it. */
async function place(call: CustomerCall, fields: Fields): Promise<{ orderId: string }> {
  const { caller, headers, ip, request, response } = call
  const { currency, country, logistics } = await shopSettings()
  const wish = await wishIn(fields, currency)
  const conversation = await conversationOf(caller.customerId)
  const clientId = createHash('sha256')
    .update(JSON.stringify([...fields]))
    .digest('base64url')
  const order = await orderAtOnce(conversation, { ...wish, clientId })
  const orderId = String(order._id)
  const known = await openCustomerSession(
    { request, response },
    { customerId: caller.customerId, orderIds: [orderId], proven: caller.proven },
  )
  const address = addressIn(fields, country)
  if (needsDelivery(order, logistics) && Object.keys(address).length > 1) {
    // The order is there: an address that is not right yet is asked for again on its own page.
    await takeStep('UPDATE_DELIVERY_ADDRESS', { address }, { order, caller: known, headers, ip }).catch(
      (error: unknown) => {
        if (!(error instanceof AppError)) throw error
      },
    )
  }
  return { orderId: String((await findOrder(order._id))._id) }
}

async function wishIn(fields: Fields, currency: Currency) {
  const [productId = '', sku = ''] = (fields.get('product') ?? '').split(' ')
  const quantity = /^\d{1,5}$/.test(fields.get('quantity') ?? '') ? Number(fields.get('quantity')) : 0
  const product = (await productsFor(currency)).find(({ _id }) => String(_id) === productId)
  if (!product?.variants.some((variant) => variant.sku === sku)) {
    throw new AppError('product.gone', 'This is not sold any more. Choose something else.', { status: 409 })
  }
  if (quantity < 1) {
    throw new AppError('input.invalid', 'Write how many pieces you want.', {
      details: [{ in: 'body', field: 'quantity', problem: 'a number above 0' }],
    })
  }
  const available = (await availableFor(null, [sku])).get(sku) ?? 0
  if (quantity > available) {
    throw new AppError('cart.short', `Only ${available} of it can be had. Take fewer.`, {
      status: 409,
      details: { available, seen: 0 },
    })
  }
  return { product, sku, quantity }
}

/** Where the customer and the shop talk: the card of the order goes there. */
async function conversationOf(customerId: string): Promise<Types.ObjectId> {
  const found = await Conversations.findOne({ customer: new Types.ObjectId(customerId) }, { _id: 1 })
    .sort({ lastMessageAt: -1 })
    .lean()
  if (found) return found._id
  throw new AppError('order.no_chat', 'Write to the shop in the chat first: orders are talked about there.', {
    status: 409,
  })
}

const productsFor = async (currency: Currency): Promise<Product[]> =>
  (await searchProducts({ orderable: currency, limit: mostProducts })).products

async function showForm(
  call: CustomerCall,
  { fields, error }: { fields: Fields; error?: AppError },
): Promise<void> {
  const language = await languageFor(call)
  const { currency, country, logistics } = await shopSettings()
  const products = await productsFor(currency)
  const wrong = error ? wrongFields(error) : []
  await sendPage(call, {
    template: 'create',
    language,
    status: error?.status ?? 200,
    sheet: {
      title: translate(language, 'myOrders.create'),
      notices: error ? [noticeOf(error, language)] : [],
      products: products.flatMap((product) => optionsOf(product, { currency, language, fields })),
      quantity: fields.get('quantity') ?? '1',
      quantityWrong: wrong.includes('quantity'),
      address: logistics ? addressForm(fields, wrong, country) : [],
      key: randomUUID(),
    },
  })
}

function optionsOf(
  product: Product,
  { currency, language, fields }: { currency: Currency; language: Language; fields: Fields },
) {
  return product.variants.flatMap(({ sku, name }) => {
    const price = priceOf(product, sku, currency)
    if (price === null) return []
    const value = `${product._id} ${sku}`
    const label = name ? `${product.name} · ${name}` : product.name
    return [
      {
        value,
        label: `${label}: ${formatMoney(price, currency, language)}`,
        chosen: fields.get('product') === value,
      },
    ]
  })
}
