import { type Customer, Customers } from '../../models/customer.ts'
import { type Currency, currencies, exponentOf, minorUnits } from '../../models/money.ts'
import type { Order } from '../../models/order.ts'
import { type RegNumber, RegNumbers } from '../../models/reg-number.ts'
import { type Product, Products } from '../../models/store.ts'
import type { Integration } from '../auth/index.ts'
import { upsertCustomer } from '../customer/index.ts'
import { AppError, notFound } from '../http/index.ts'
import { type Invoice, openInvoice } from '../order/index.ts'
import { shopSettings } from '../shop/index.ts'
import { priceOf } from '../store/index.ts'
import { bankOf, readPaymentType } from './banks.ts'
import { findInvoice } from './find.ts'
import type { InvoiceInput } from './input.ts'
import { giveRegNumber, orderInvoiceType, requireRegNumber } from './reg-numbers.ts'
import { step } from './step.ts'
import { invoiceTypes } from './types.ts'

/**
 * Checks an invoice out: the order is opened with its lines under the number that was given out, its bank chosen and
 * its goods held. The same number with the same lines again finds the order that it made.
 */
export async function checkOut(
  integration: Integration,
  invoice: InvoiceInput,
  paymentType: string | null | undefined,
  ip: string,
): Promise<Order> {
  const wanted = invoice.OInvTypeId ?? invoice.InvStatId ?? invoiceTypes.awaiting.id
  if (wanted !== invoiceTypes.awaiting.id && invoice.InvStatId !== invoiceTypes.awaiting.id) {
    throw new AppError(
      'invoice.type',
      'Only invoices that await payment are checked out here: OInvTypeId 13.',
    )
  }
  const type = readPaymentType(paymentType, invoice.online_payment_type)
  const given = (invoice.OInvRegNo || invoice.RegNo || '').trim()
  const regNo = given || (await giveRegNumber(integration, { typeName: orderInvoiceType, randomMode: 1 }))
  const number = await requireRegNumber(integration, regNo)
  const order = number.order
    ? await repeated(integration, number, invoice)
    : await open(integration, number, invoice)
  if (order.state !== 'DRAFT') return order
  const chosen = await step(order, 'SELECT_PAYMENT_METHOD', bankOf(type), ip)
  return step(chosen, 'CHECK_PRODUCT_SUFFICIENT', {}, ip)
}

async function open(integration: Integration, number: RegNumber, invoice: InvoiceInput): Promise<Order> {
  const { regNo } = number
  const currency = await currencyOf(invoice)
  const items = await itemsOf(invoice, currency)
  const customer = await customerOf(integration, invoice.RpAccGuid)
  return openInvoice(
    customer,
    { regNo, currency, items, note: invoice.OInvDesc ?? '' },
    `integration:${integration.id}`,
    async (session, order) => {
      const used = await RegNumbers.updateOne(
        { _id: number._id, order: null },
        { $set: { order: order._id } },
        { session },
      )
      if (!used.modifiedCount) throw usedUp(regNo)
    },
  )
}

async function repeated(
  integration: Integration,
  { regNo }: RegNumber,
  invoice: InvoiceInput,
): Promise<Order> {
  const order = await findInvoice(integration, regNo, null)
  const lines = linesOf(invoice).map(({ ResId, OInvLineAmount }) => `${ResId}×${OInvLineAmount}`)
  const same = order.lines.map(({ productNumber, quantity }) => `${productNumber}×${quantity}`)
  if (lines.join() !== same.join()) throw usedUp(regNo)
  return order
}

const usedUp = (regNo: string) =>
  new AppError('invoice.used', `The number ${regNo} belongs to another invoice already. Get a new one.`, {
    status: 409,
  })

function linesOf({ OrderInvLines }: InvoiceInput) {
  if (OrderInvLines?.length) return OrderInvLines
  throw new AppError(
    'invoice.empty',
    'Send at least one line in OrderInvLines, with ResId and OInvLineAmount.',
  )
}

async function itemsOf(invoice: InvoiceInput, currency: Currency): Promise<Invoice['items']> {
  const lines = linesOf(invoice)
  const numbers = [...new Set(lines.map(({ ResId }) => ResId))]
  const products = await Products.collection.find<Product>({ number: { $in: numbers } }).toArray()
  return lines.map(({ ResId, OInvLineAmount: quantity, OInvLinePrice }) => {
    const product = products.find(({ number, hidden }) => number === ResId && !hidden)
    const sku = product?.variants[0]?.sku
    if (!product || !sku) {
      throw new AppError(
        'product.unknown',
        `There is no product with ResId ${ResId}. Take it out and send again.`,
        {
          status: 409,
        },
      )
    }
    if (!Number.isInteger(quantity) || quantity < 1) {
      throw new AppError(
        'invoice.quantity',
        `OInvLineAmount of ResId ${ResId} must be a whole number above 0.`,
      )
    }
    const price = priceOf(product, sku, currency)
    if (OInvLinePrice && price !== null && minorUnits(OInvLinePrice, exponentOf(currency)) !== price) {
      throw new AppError(
        'invoice.price',
        `The price of ResId ${ResId} is another one by now. Load it again.`,
        {
          status: 409,
        },
      )
    }
    return { product, sku, quantity }
  })
}

/** The currency that the invoice names, or the manat: it is what the banks take. */
async function currencyOf({ CurrencyCode }: InvoiceInput): Promise<Currency> {
  const currency = currencies.find((one) => one === (CurrencyCode || 'TMT').toUpperCase())
  if (currency) return currency
  throw new AppError('invoice.currency', `CurrencyCode must be one of: ${currencies.join(', ')}.`)
}

/** Whom the integration names by GUID; the integration itself stands for whoever has none. */
async function customerOf(integration: Integration, guid: string | null | undefined): Promise<Customer> {
  if (guid) {
    const customer = await Customers.findOne({ guid }).lean()
    if (!customer) throw notFound('The customer of RpAccGuid')
    return customer
  }
  const { language } = await shopSettings()
  const { id, name } = integration
  return (await upsertCustomer({ channel: 'api', externalId: String(id), language, name })).customer
}
