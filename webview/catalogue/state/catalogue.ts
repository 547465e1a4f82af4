import { computed, type InjectionKey, inject, ref, shallowRef } from 'vue'
import type {
  CartConflict,
  CartView,
  GoodsPage,
  GoodsView,
  Place,
} from '../../../server/catalogue/contract.ts'
import type { Change } from '../../../server/pipeline/contract.ts'
import { ask, Refusal } from '../../checkout/state/api.ts'
import type { Proof } from '../../checkout/state/chat.ts'
import type { CatalogueBoot } from './boot.ts'
import { cartNews } from './news.ts'
import { addressOf, placeOf } from './places.ts'

export type Catalogue = ReturnType<typeof createCatalogue>
export const catalogueKey: InjectionKey<Catalogue> = Symbol('catalogue')

export function useCatalogue(): Catalogue {
  const catalogue = inject(catalogueKey)
  if (!catalogue) throw new Error('No catalogue: provide catalogueKey where the page is made')
  return catalogue
}

const emptyCart: CartView = {
  orderId: null,
  seal: '',
  version: -1,
  opened: false,
  regNo: '',
  lines: [],
  discount: 0,
  total: 0,
}

/** Where the customer is, what is shown there, and the cart as the server last told it. */
export function createCatalogue({ base, catalogue }: CatalogueBoot) {
  const place = shallowRef<Place>(catalogue.place)
  const list = shallowRef<GoodsPage | null>(catalogue.list)
  const product = shallowRef<GoodsView | null>(catalogue.product)
  const cart = shallowRef<CartView>(catalogue.cart ?? emptyCart)
  /** Whether the cart is known: a fresh browser learns it when it opens the catalogue. */
  const known = ref(catalogue.cart !== null)
  /** What is under way: `place`, `more`, `confirm`, or an SKU. */
  const busy = ref('')
  /** The code of what went wrong last; the screen has words for it. */
  const failure = ref('')
  /** What others changed, until it is read. */
  const news = shallowRef<Change[]>([])
  /** Where the way back from a product or the cart leads. */
  const lastList = shallowRef<Place>(
    catalogue.place.view === 'list' ? catalogue.place : { view: 'list', category: catalogue.tab, q: '' },
  )
  const api = `/api/catalogue/${catalogue.id}`
  let opening: Promise<void> | null = null
  let last: Promise<unknown> = Promise.resolve()
  let turn = 0
  let proven = false

  /** Opens the visit. Safe to repeat. */
  function open(): Promise<void> {
    opening ??= begin().catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }

  async function begin(): Promise<void> {
    const answer = await ask<{ cart: CartView; proven: boolean }>('POST', `${base}/browse`, {})
    proven = answer.proven
    take(answer.cart, null)
  }

  /** Shows who is there, by what LINE or Messenger has signed, so that the checkout knows them at once. */
  async function identify(proof: Proof): Promise<void> {
    proven = (await visit<{ proven: boolean }>('POST', '/identify', proof)).proven
  }

  /** Asks within a visit; one that has ended meanwhile is opened anew from the link. */
  async function visit<Answer>(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Answer> {
    await open()
    try {
      return await ask<Answer>(method, `${api}${path}`, body)
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 401) throw error
      opening = null
      await open()
      return ask<Answer>(method, `${api}${path}`, body)
    }
  }

  /** Takes the server's cart over, and tells what others did to it. */
  function take(next: CartView, mine: string | null): void {
    if (known.value && next.version >= cart.value.version) tell(cartNews(cart.value, next, mine))
    if (next.orderId !== cart.value.orderId || next.version >= cart.value.version) cart.value = next
    known.value = true
  }

  function tell(changes: Change[]): void {
    if (changes.length) news.value = [...news.value, ...changes]
  }

  async function lookAtCart(): Promise<void> {
    take(await visit<CartView>('GET', '/cart'), null)
  }

  const inCart = (sku: string): number =>
    cart.value.lines.reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0)

  /** Wants so many pieces of a thing. One wish after another: each names what the page showed. */
  function put(productId: string, sku: string, quantity: number): Promise<boolean> {
    return attempt(sku, () => {
      const wish = last.then(async () => {
        const seen = inCart(sku)
        if (seen !== quantity) take(await visit('PUT', '/cart', { productId, sku, quantity, seen }), sku)
      })
      last = wish.catch(() => {})
      return wish
    })
  }

  /** The cart as it is shown becomes an order, and the page goes on to its checkout. */
  const confirm = (): Promise<boolean> =>
    attempt('confirm', async () => {
      const { orderId, seal } = cart.value
      const { url } = await visit<{ url: string }>('POST', '/confirm', { orderId, seal })
      location.assign(url)
    })

  async function attempt(what: string, work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value === what) return false
    busy.value = what
    failure.value = ''
    try {
      await work()
      return true
    } catch (error) {
      explain(error)
      return false
    } finally {
      if (busy.value === what) busy.value = ''
    }
  }

  function explain(error: unknown): void {
    if (!(error instanceof Refusal)) throw error
    const details = error.details as Partial<CartConflict> | null
    const before = news.value.length
    if (details?.cart) take(details.cart, null)
    // The server's own list is more exact than what two carts tell.
    if (details?.changes?.length) news.value = details.changes
    // What the list of news says needs no second word.
    failure.value = news.value.length > before || details?.changes?.length ? '' : error.code
  }

  /** Goes somewhere, as a link does; the list stays where it was for the way back. */
  async function go(next: Place, how: 'push' | 'replace' | 'none' = 'push'): Promise<void> {
    const address = addressOf(base, next)
    if (how === 'push') history.pushState(null, '', address)
    if (how === 'replace') history.replaceState(null, '', address)
    place.value = next
    if (next.view === 'list') lastList.value = next
    failure.value = ''
    await load(next)
  }

  async function load(next: Place): Promise<void> {
    const mine = ++turn
    busy.value = 'place'
    try {
      if (next.view === 'list') {
        const found = await visit<GoodsPage>('GET', `/goods?${queryOf(next)}`)
        if (mine === turn) list.value = found
      } else if (next.view === 'product') {
        if (product.value?.id !== next.id) product.value = null
        const found = await visit<GoodsView>('GET', `/goods/${next.id}`)
        if (mine === turn) product.value = found
      } else await lookAtCart()
    } catch (error) {
      const gone = error instanceof Refusal && error.status === 404 && next.view === 'product'
      if (mine === turn && !gone) explain(error)
    } finally {
      if (mine === turn) busy.value = ''
    }
  }

  const more = (): Promise<boolean> =>
    attempt('more', async () => {
      const { value: at } = place
      const { value: shown } = list
      if (at.view !== 'list' || !shown?.cursor) return
      const query = queryOf(at)
      query.set('cursor', shown.cursor)
      const next = await visit<GoodsPage>('GET', `/goods?${query}`)
      if (list.value === shown) list.value = { ...next, goods: [...shown.goods, ...next.goods] }
    })

  return {
    base,
    currency: catalogue.currency,
    categories: catalogue.categories,
    picked: catalogue.picked,
    place,
    list,
    product,
    cart,
    known,
    busy,
    failure,
    news,
    pieces: computed(() => cart.value.lines.reduce((sum, { quantity }) => sum + quantity, 0)),
    open,
    wantsProof: () => !proven,
    identify,
    lookAtCart,
    inCart,
    put,
    confirm,
    go,
    more,
    /** Back and forward in the browser. */
    followAddress: () => go(placeOf(base, location, catalogue.tab), 'none'),
    addressOf: (at: Place) => addressOf(base, at),
    lastList,
  }
}

function queryOf({ category, q }: { category: string; q: string }): URLSearchParams {
  const query = new URLSearchParams()
  query.set('category', category)
  if (q) query.set('q', q)
  return query
}
