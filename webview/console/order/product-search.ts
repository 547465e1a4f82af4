import { ref, watch } from 'vue'
import { listProducts, type ProductView } from '../api/products.ts'
import { attempt } from '../stores/notices.ts'

export interface Offer {
  productId: string
  sku: string
  name: string
  image: string | null
  price: number | null
  available: number
}

const PAUSE = 160

/** What can be put on an order: a row for each variant of the products that fit the words. */
export function useProductSearch(currency: () => string) {
  const q = ref('')
  const offers = ref<Offer[]>([])
  const open = ref(false)
  const busy = ref(false)
  let turn = 0

  watch(q, () => search(PAUSE))

  function search(pause = 0): void {
    const mine = ++turn
    busy.value = true
    setTimeout(() => {
      if (mine === turn) void ask(mine)
    }, pause)
  }

  async function ask(mine: number): Promise<void> {
    const page = await attempt(() => listProducts({ q: q.value.trim(), hidden: false }))
    if (mine !== turn) return
    busy.value = false
    offers.value = (page?.products ?? []).flatMap((product) => offersOf(product, currency())).slice(0, 12)
  }

  return { q, offers, open, busy, search }
}

const offersOf = (product: ProductView, currency: string): Offer[] =>
  product.variants.map(({ sku, name, prices }) => ({
    productId: product.id,
    sku,
    name: name ? `${product.name} · ${name}` : product.name,
    image: product.images[0] ?? null,
    price: prices[currency] ?? product.prices[currency] ?? null,
    available: product.stock
      .filter((stock) => stock.sku === sku)
      .reduce((sum, { available }) => sum + available, 0),
  }))
