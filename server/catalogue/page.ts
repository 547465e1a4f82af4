import { Customers } from '../../models/customer.ts'
import { findCustomer } from '../auth/index.ts'
import { type CatalogueLink, findCatalogueLink } from '../order/index.ts'
import { cartOf, viewCart } from './cart.ts'
import { allTab, type CatalogueState, type Place, pickedTab } from './contract.ts'
import { findGoods, listGoods, listTabs, viewGoods } from './goods.ts'

/** Where the address of a page leads; a tab that it does not name is that of the selection. */
export type Asked = { view: 'list'; category?: string | undefined; q?: string | undefined } | Place

/**
 * What a link to the catalogue shows: reads only, because crawlers follow links, and tells nothing of the cart unless
 * this browser has opened the catalogue before. Null for a token that is no link to the catalogue.
 */
export async function viewCatalogue(
  token: string,
  asked: Asked,
  headers: { cookie?: string | undefined },
): Promise<{ state: CatalogueState; language: string | undefined } | null> {
  const link = await findCatalogueLink(token)
  if (!link) return null
  const [caller, customer, cart] = await Promise.all([
    findCustomer(headers),
    Customers.findById(link.customer, { language: 1 }).lean(),
    cartOf(link),
  ])
  const { catalogue } = link
  const currency = cart?.currency ?? catalogue.currency
  const place = placeOf(asked, link)
  const [categories, list, product, known] = await Promise.all([
    listTabs(currency),
    place.view === 'list' ? listGoods(place, catalogue, currency) : null,
    place.view === 'product' ? findGoods(place.id, currency) : null,
    caller?.catalogueIds.includes(String(link._id)) ? viewCart(cart) : null,
  ])
  const state = {
    id: String(link._id),
    currency,
    categories,
    picked: catalogue.products.length > 0,
    place,
    list,
    product: product && (await viewGoods(product, currency)),
    cart: known,
  }
  return { state, language: customer?.language }
}

function placeOf(asked: Asked, { catalogue }: CatalogueLink): Place {
  if (asked.view !== 'list') return asked
  const first = catalogue.products.length ? pickedTab : catalogue.category && String(catalogue.category)
  const category =
    asked.category && /^([0-9a-f]{24}|picked|all)$/.test(asked.category) ? asked.category : first
  return { view: 'list', category: category ?? allTab, q: asked.q ?? '' }
}
