import mongoose, { type Types } from 'mongoose'
import type { Currency } from '../../models/money.ts'
import type { CatalogueSelection } from '../../models/order.ts'
import { Categories, type Product, Products } from '../../models/store.ts'
import { availableFor, orderableNow, priceOf, searchProducts, stockInStores } from '../store/index.ts'
import {
  allTab,
  type CategoryTab,
  type GoodsPage,
  type GoodsRow,
  type GoodsView,
  pickedTab,
} from './contract.ts'

export interface GoodsFilter {
  q?: string | undefined
  /** A category's id, `picked`, or `all`. */
  category?: string | null | undefined
  cursor?: string | null | undefined
  limit?: number | undefined
}

/** A page of what can be ordered with a currency. Searching looks through everything, whatever tab is open. */
export async function listGoods(
  { q = '', category, cursor, limit }: GoodsFilter,
  selection: Pick<CatalogueSelection, 'products'>,
  currency: Currency,
): Promise<GoodsPage> {
  if (category === pickedTab && !q)
    return { goods: await pickedGoods(selection.products, currency), cursor: null }
  const inCategory = category && category !== allTab && category !== pickedTab ? category : undefined
  const page = await searchProducts({ q, category: inCategory, cursor, limit, orderable: currency })
  return { goods: await rowsOf(page.products, currency), cursor: page.cursor }
}

/** What staff picked, in their order, as far as it is still sold. */
export async function pickedGoods(ids: Types.ObjectId[], currency: Currency): Promise<GoodsRow[]> {
  const found = await Products.collection
    .find<Product>({ _id: { $in: ids }, ...(await orderableNow(currency)) })
    .toArray()
  const inOrder = ids.flatMap((id) => found.find(({ _id }) => _id.equals(id)) ?? [])
  return rowsOf(inOrder, currency)
}

/** A product as a customer may order it; null when it is not sold, or not in this currency. */
export async function findGoods(id: string, currency: Currency): Promise<Product | null> {
  if (!mongoose.isValidObjectId(id)) return null
  return Products.collection.findOne<Product>({
    _id: new mongoose.Types.ObjectId(id),
    ...(await orderableNow(currency)),
  })
}

/** The product's page: pictures, variants, and what lies in each store. */
export async function viewGoods(product: Product, currency: Currency): Promise<GoodsView> {
  const sold = soldVariants(product, currency)
  const stock = await stockInStores(sold.map(({ sku }) => sku))
  const variants = sold.map(({ sku, name, price }) => {
    const stores = stock.filter((one) => one.sku === sku)
    return {
      sku,
      name,
      price,
      available: stores.reduce((sum, { available }) => sum + available, 0),
      stores: stores.map(({ store, available }) => ({ name: store.name, available })),
    }
  })
  const soldOut = variants.every(({ available }) => available === 0)
  return {
    ...rowOf(product, currency, soldOut),
    description: product.description,
    images: product.images,
    variants,
  }
}

/** The categories that have something to order, in the shop's order. */
export async function listTabs(currency: Currency): Promise<CategoryTab[]> {
  const [categories, used] = await Promise.all([
    Categories.find().sort({ position: 1, _id: 1 }).lean(),
    Products.distinct('category', await orderableNow(currency)),
  ])
  const filled = new Set(used.map(String))
  return categories
    .filter(({ _id }) => filled.has(String(_id)))
    .map(({ _id, name }) => ({ id: String(_id), name }))
}

async function rowsOf(products: Product[], currency: Currency): Promise<GoodsRow[]> {
  const skus = (product: Product) => soldVariants(product, currency).map(({ sku }) => sku)
  const available = await availableFor(null, products.flatMap(skus))
  return products.map((product) =>
    rowOf(
      product,
      currency,
      skus(product).every((sku) => !available.get(sku)),
    ),
  )
}

function rowOf(product: Product, currency: Currency, soldOut: boolean): GoodsRow {
  const prices = soldVariants(product, currency).map(({ price }) => price)
  const price = Math.min(...prices)
  return {
    id: String(product._id),
    name: product.name,
    image: product.images[0] ?? null,
    price,
    from: prices.some((other) => other > price),
    soldOut,
  }
}

/** The variants that have a price in the currency. */
const soldVariants = (product: Product, currency: Currency) =>
  product.variants.flatMap(({ sku, name }) => {
    const price = priceOf(product, sku, currency)
    return price === null ? [] : [{ sku, name, price }]
  })
