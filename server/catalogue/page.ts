import { Conversations } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import type { CatalogueSelection } from '../../models/order.ts'
import { findCustomer } from '../auth/index.ts'
import { findCatalogueLink } from '../order/index.ts'
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
): Promise<{ state: CatalogueState; language: string | undefined; channel: string | undefined } | null> {
  const link = await findCatalogueLink(token)
  if (!link) return null
  const [caller, customer, conversation, cart] = await Promise.all([
    findCustomer(headers),
    Customers.findById(link.customer, { language: 1 }).lean(),
    Conversations.findById(link.catalogue.conversation, { channel: 1 }).lean(),
    cartOf(link),
  ])
  const { catalogue } = link
  const currency = cart?.currency ?? catalogue.currency
  const tab = firstTab(catalogue)
  const place = placeOf(asked, tab)
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
    tab,
    place,
    list,
    product: product && (await viewGoods(product, currency)),
    cart: known,
  }
  return { state, language: customer?.language, channel: conversation?.channel }
}

function placeOf(asked: Asked, tab: string): Place {
  if (asked.view !== 'list') return asked
  const { category = '', q = '' } = asked
  return { view: 'list', category: /^([0-9a-f]{24}|picked|all)$/.test(category) ? category : tab, q }
}

const firstTab = ({ category, products }: CatalogueSelection): string =>
  products.length ? pickedTab : category ? String(category) : allTab
