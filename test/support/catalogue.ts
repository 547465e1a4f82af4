import type { Product } from '../../models/store.ts'
import type { CartConflict, CartView } from '../../server/catalogue/contract.ts'
import { type Answer, type Client, expectStatus } from './client.ts'
import { aConversation, aProduct, type Story, startStory } from './story.ts'

interface Refused {
  error: { code: string; details: CartConflict & { available?: number } }
}

/** A customer's browser in the catalogue; `cart` is what its page shows. */
export interface Shopper extends Client {
  /** Of the link, as routes name it. */
  id: string
  /** The path of the link. */
  link: string
  cart: CartView
  /** Wants so many pieces of a thing, which must succeed. */
  want(product: Pick<Product, '_id'> & { sku: string }, quantity: number): Promise<void>
  tryWant(product: Pick<Product, '_id'> & { sku: string }, quantity: number): Promise<Answer<Refused>>
  request<T>(wish: object): Promise<Answer<T>>
  /** Confirms what the page shows; answers where it is checked out. */
  confirm(): Promise<string>
  tryConfirm(): Promise<Answer<Refused>>
  look(): Promise<void>
}

/** A shop that has honey and jam, under names without blanks. */
export async function startCatalogueShop() {
  const shop = await startStory()
  const honey = await aProduct({ name: 'น้ำผึ้งดอกลำไย เชียงใหม่', price: 15_000, available: 40 })
  const jam = await aProduct({ name: 'マンゴージャム', price: 14_500, available: 30 })
  return { shop, honey, jam }
}

/** Somebody who has opened a link to the catalogue that staff have made for them. */
export async function aShopper(
  shop: Pick<Story, 'agent' | 'browser'>,
  options: { conversation?: string; choice?: object } = {},
): Promise<Shopper> {
  const conversation = options.conversation ?? (await aConversation())
  const path = `/api/conversations/${conversation}/catalog/link`
  const { url } = await expectStatus(200, shop.agent.post<{ url: string }>(path, options.choice ?? {}))
  const link = new URL(url).pathname
  const browser = shop.browser()
  const { id, cart } = await expectStatus(200, browser.post<{ id: string; cart: CartView }>(`${link}/browse`))
  const shopper: Shopper = Object.assign(browser, {
    id,
    link,
    cart,
    request: <T>(wish: object) => browser.put<T>(`/api/catalogue/${id}/cart`, wish),
    tryWant(product: Pick<Product, '_id'> & { sku: string }, quantity: number) {
      const seen = shopper.cart.lines
        .filter((line) => line.sku === product.sku)
        .reduce((sum, line) => sum + line.quantity, 0)
      const wish = { productId: String(product._id), sku: product.sku, quantity, seen }
      return shopper.request<Refused>(wish)
    },
    async want(product: Pick<Product, '_id'> & { sku: string }, quantity: number) {
      const answer = await expectStatus(200, shopper.tryWant(product, quantity))
      shopper.cart = answer as unknown as CartView
    },
    tryConfirm: () =>
      browser.post<Refused>(`/api/catalogue/${id}/confirm`, {
        orderId: shopper.cart.orderId ?? '',
        seal: shopper.cart.seal,
      }),
    async confirm() {
      const answer = await expectStatus(200, shopper.tryConfirm())
      return (answer as unknown as { url: string }).url
    },
    async look() {
      shopper.cart = await expectStatus(200, browser.get<CartView>(`/api/catalogue/${id}/cart`))
    },
  })
  return shopper
}
