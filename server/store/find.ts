import mongoose from 'mongoose'
import { type Currency, currencies } from '../../models/money.ts'
import { askedTerms, fold, wordsOf } from '../../models/search.ts'
import { type Product, Products } from '../../models/store.ts'
import { AppError, notFound } from '../http/index.ts'
import { shopSettings } from '../shop/index.ts'
import type { ProductView } from './contract.ts'
import { begunEvents } from './events.ts'
import { viewsOf } from './views.ts'

export interface ProductFilter {
  /** Words that must all be inside the name, a variant or an SKU. Those that begin with it come first. */
  q?: string | undefined
  category?: string | undefined
  /** Only hidden ones, or only those on sale; both when absent. */
  hidden?: boolean | undefined
  /** Only what customers can order with this currency: what is on sale and has a price in it. */
  orderable?: Currency | undefined
  limit?: number | undefined
  /** Where the page before ended. */
  cursor?: string | null | undefined
}

type Filter = Awaited<ReturnType<typeof orderableNow>>

interface Page<Row> {
  products: Row[]
  cursor: string | null
}

/** A page of products as staff see them, stock by store included. */
export async function findProducts(filter: ProductFilter): Promise<Page<ProductView>> {
  const { products, cursor } = await searchProducts(filter)
  return { products: await viewsOf(products), cursor }
}

/** One product as staff see it; 404 for what is not there. */
export async function getProduct(id: string): Promise<ProductView> {
  if (!mongoose.isValidObjectId(id)) throw notFound('The product')
  const product = await Products.findById(id).lean()
  if (!product) throw notFound('The product')
  const [view] = await viewsOf([product])
  return view as ProductView
}

const usualPage = 30

/**
 * A page of products, without their stock. First those whose name begins with what is asked, then those that have it
 * inside; each by name. The index gives both in order, so a page costs the same in a large shop.
 */
export async function searchProducts(filter: ProductFilter): Promise<Page<Product>> {
  const { limit = usualPage } = filter
  const sold = filter.orderable && (await orderableNow(filter.orderable))
  const asked = fold(filter.q ?? '')
  const from = readCursor(filter.cursor)
  const products: Product[] = []
  let tier = from?.tier ?? 0
  const tiers = asked ? 2 : 1
  for (; tier < tiers; tier += 1) {
    const missing = limit + 1 - products.length
    products.push(
      ...(await readTier({ ...filter, sold }, asked, tier, from?.tier === tier ? from : null, missing)),
    )
    if (products.length > limit) break
  }
  const page = products.slice(0, limit)
  const last = page.at(-1)
  const more = products.length > limit && last
  return { products: page, cursor: more ? writeCursor(last, asked) : null }
}

function readTier(
  { category, hidden, sold }: ProductFilter & { sold?: Filter | undefined },
  asked: string,
  tier: number,
  after: Cursor | null,
  limit: number,
): Promise<Product[]> {
  const begins = new RegExp(`^${RegExp.escape(asked)}`)
  const conditions: Record<string, unknown>[] = []
  if (asked && tier === 0) conditions.push({ searchText: begins })
  if (asked && tier === 1) {
    conditions.push({ searchTerms: rarestTerm(asked) }, { searchText: { $not: begins } })
    for (const word of wordsOf(asked)) conditions.push({ searchText: new RegExp(RegExp.escape(word)) })
  }
  if (category) conditions.push({ category: new mongoose.Types.ObjectId(category) })
  if (hidden !== undefined) conditions.push({ hidden })
  if (sold) conditions.push(sold)
  if (after) {
    const { text, id } = after
    conditions.push(
      { searchText: { $gte: text } },
      { $or: [{ searchText: { $gt: text } }, { _id: { $gt: new mongoose.Types.ObjectId(id) } }] },
    )
  }
  const found = Products.collection
    .find<Product>(conditions.length ? { $and: conditions } : {})
    .sort({ searchText: 1, _id: 1 })
    .limit(limit)
  if (asked && tier === 1) found.hint({ searchTerms: 1, searchText: 1, _id: 1 })
  return found.toArray()
}

/** What is sold with a currency: goods, and tickets. Gift cards and the wallet have ways of their own. */
const orderableIn = (currency: Currency) => ({
  kind: { $in: ['GOODS' as const, 'TICKET' as const] },
  hidden: false,
  $or: [
    { [`prices.${currency}`]: { $exists: true } },
    { [`variants.prices.${currency}`]: { $exists: true } },
  ],
})

/** What a customer can order with a currency at this moment. */
export const orderableNow = async (currency: Currency) => ({
  $and: [orderableIn(currency), { _id: { $nin: await begunEvents() } }],
})

/** The currencies that an order can be opened in: the shop's own, then others that something on sale has a price in. */
export async function currenciesOnSale(): Promise<Currency[]> {
  const { currency: own } = await shopSettings()
  const others = currencies.filter((currency) => currency !== own)
  const found = await Promise.all(
    others.map(async (currency) => ((await Products.exists(orderableIn(currency))) ? [currency] : [])),
  )
  return [own, ...found.flat()]
}

/**
 * The index is entered by one term; the words themselves are then looked for in the index's own text, so that only
 * what fits is read. Numbers tell more than letters, and a long word more than a short one.
 */
function rarestTerm(asked: string): string {
  const [longest = ''] = wordsOf(asked).toSorted((a, b) => b.length - a.length)
  const terms = askedTerms(asked)
  return terms.find((term) => /\d{2}/.test(term)) ?? askedTerms(longest)[0] ?? ''
}

interface Cursor {
  tier: number
  text: string
  id: string
}

function writeCursor(last: Product, asked: string): string {
  const tier = asked && !last.searchText.startsWith(asked) ? 1 : 0
  return Buffer.from(JSON.stringify([tier, last.searchText, String(last._id)])).toString('base64url')
}

function readCursor(text: string | null | undefined): Cursor | null {
  if (!text) return null
  try {
    const [tier, name, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    if ((tier === 0 || tier === 1) && typeof name === 'string' && mongoose.isValidObjectId(id)) {
      return { tier, text: name, id: String(id) }
    }
  } catch {
    // Told below, like any other cursor that is not one of ours.
  }
  throw new AppError('cursor.invalid', 'This page of the list is not there any more. Begin at the top again.')
}
