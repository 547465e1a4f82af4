import { type Category, type Product, type Stock, Stocks, type Store, Stores } from '../../models/store.ts'
import type { CategoryView, ProductView, StoreView } from './contract.ts'

/** Products as staff see them, each variant with its stock in every store. */
export async function viewsOf(products: Product[]): Promise<ProductView[]> {
  if (!products.length) return []
  const skus = products.flatMap((product) => product.variants.map(({ sku }) => sku))
  const [stores, stocks] = await Promise.all([
    Stores.find().sort({ number: 1 }).lean(),
    Stocks.collection.find<Stock>({ sku: { $in: skus } }).toArray(),
  ])
  const counted = new Map(stocks.map((stock) => [`${stock.sku} ${stock.store}`, stock]))
  return products.map((product) => ({
    id: String(product._id),
    number: product.number,
    kind: product.kind,
    name: product.name,
    description: product.description,
    categoryId: product.category && String(product.category),
    prices: { ...product.prices },
    variants: product.variants.map(({ sku, name, prices }) => ({ sku, name, prices: { ...prices } })),
    images: product.images,
    hidden: product.hidden,
    version: product.version,
    stock: product.variants.flatMap(({ sku }) =>
      stores.flatMap((store) => {
        const stock = counted.get(`${sku} ${store._id}`)
        // A closed store is shown only while something is left in it.
        if (!store.active && !stock?.available && !stock?.reserved) return []
        const { available = 0, reserved = 0 } = stock ?? {}
        return [{ sku, storeId: String(store._id), storeName: store.name, available, reserved }]
      }),
    ),
  }))
}

export const storeView = ({ _id, number, name, address, active }: Store): StoreView => ({
  id: String(_id),
  number,
  name,
  address,
  active,
})

export const categoryView = ({ _id, name, position }: Category): CategoryView => ({
  id: String(_id),
  name,
  position,
})
