import type { Currency } from '../../models/money.ts'
import type { ShopSettings } from '../../models/shop.ts'
import type { Language } from '../../models/states.ts'
import type { GoodsRow } from '../../server/catalogue/contract.ts'
import { formatMoney, translate } from '../../server/language/index.ts'
import { pageAddress } from '../links.ts'
import type { Card } from './order.ts'
import { altText, renderCard } from './render.ts'
import { cardShop, pictureAddress } from './shop.ts'

/**
 * What a channel's template `catalogue` is given: products side by side, each with a button that opens its page, and
 * last the way to everything. LINE takes 12 bubbles and Messenger 10 elements, the last one included.
 */
export interface CatalogueCard {
  shop: ReturnType<typeof cardShop>
  products: {
    name: string
    /** "฿150", or "from ฿150". */
    price: string
    /** "Sold out", or empty. */
    note: string
    image: string | null
    button: string
    uri: string
  }[]
  all: { title: string; text: string; button: string; uri: string }
}

/** How many products a card shows: with the way to everything, as many as the narrower channel takes. */
export const mostProducts = 9

/** Some products as a card. `token` is that of a link to the catalogue. */
export function catalogueCard(
  goods: GoodsRow[],
  from: { shop: ShopSettings; language: Language; currency: Currency; channel: string; token: string },
): Card {
  const { shop, language, currency, channel, token } = from
  const words = (key: string, values = {}) => translate(language, `chat.catalogue.${key}`, values)
  const products = goods.slice(0, mostProducts).map((one) => {
    const price = formatMoney(one.price, currency, language)
    return {
      name: one.name,
      price: one.from ? words('from', { price }) : price,
      note: one.soldOut ? words('soldOut') : '',
      image: pictureAddress(one.image),
      button: words('look'),
      uri: pageAddress(`${token}/p/${one.id}`, channel),
    }
  })
  const everything = pageAddress(token, channel)
  const card: CatalogueCard = {
    shop: cardShop(shop),
    products,
    all: { title: words('all'), text: words('allText'), button: words('browse'), uri: everything },
  }
  const list = products.map(({ name, price, note }) =>
    [`${name}: ${price}`, note].filter(Boolean).join(' · '),
  )
  return {
    card: renderCard(channel, 'catalogue', card),
    text: altText(words('words'), ...list, everything),
  }
}
