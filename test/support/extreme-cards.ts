import mongoose from 'mongoose'
import { catalogueCard } from '../../bot/cards/catalogue.ts'
import { type Card, orderCard, ordersCard, receiptCard, statusCard } from '../../bot/cards/order.ts'
import type { Order } from '../../models/order.ts'
import type { ShopSettings } from '../../models/shop.ts'
import { languages } from '../../models/states.ts'
import type { GoodsRow } from '../../server/catalogue/contract.ts'
import { line } from './orders-in-chat.ts'

/** What people, and their enemies, write where a name is asked for. */
const written = [
  '',
  ' ',
  'x'.repeat(1000),
  '👩‍👩‍👧‍👦'.repeat(200),
  'ก็'.repeat(600),
  '\u202Eright to left\u202C',
  '\u200B\u200B\u2060',
  '{{x}} {{{y}}} {{#each this}}{a}',
  '<b>&amp;</b>"\'\\',
  '\ud800',
  '\u0000\u0001\u007f',
  'a\n'.repeat(500),
  'مرحبا بالعالم '.repeat(80),
  'A̴̵̜̰͔ͫ͗͢'.repeat(200),
]
const huge = 9_007_199_254_740_991

/** Every card that the shop can send in a channel, with the shortest and the longest that anybody could put in. */
export function* extremeCards(
  channel: string,
  shopAsItIs: ShopSettings,
  id: string,
): Generator<[what: string, card: Card]> {
  for (const [index, words] of written.entries()) {
    const language = languages[index % languages.length] ?? 'en'
    const shop = { ...shopAsItIs, name: words, vatId: words, colour: words, logo: `/m/${'ภ'.repeat(50)}` }
    const link = `https://shop.example/w/${'b'.repeat(index % 2 ? 900 : 20)}`
    for (const count of [0, 1, 200]) {
      const order = orderWith(words, count, { channel, language, currency: index % 3 ? 'THB' : 'JPY' })
      const buttons = [{ label: words, uri: link }]
      const what = `${JSON.stringify(words.slice(0, 20))}, ${count} lines`
      yield [`an order of ${what}`, orderCard(order, shop, link)]
      // Meta takes one receipt for each order, so each of these is another's.
      yield [`a receipt of ${what}`, receiptCard({ ...order, regNo: `${id}-${index}-${count}` }, shop, link)]
      yield [
        `news of ${what}`,
        statusCard(order, shop, { title: words, words, rows: [{ label: words, value: words }], buttons }),
      ]
      const five = Array.from({ length: 5 }, () => ({ order, link }))
      yield [`five orders of ${what}`, ordersCard(five, shop, { language, channel })]
    }
    const goods = Array.from({ length: 12 }, () => product(words))
    const from = { shop, language, currency: 'THB' as const, channel, token: 't'.repeat(43) }
    yield [`the catalogue of ${JSON.stringify(words.slice(0, 20))}`, catalogueCard(goods, from)]
  }
}

const product = (name: string): GoodsRow =>
  ({
    id: 'a'.repeat(24),
    name,
    price: huge,
    from: true,
    soldOut: true,
    image: `https://shop.example/${'ภ'.repeat(40)}`,
  }) as unknown as GoodsRow

function orderWith(
  words: string,
  count: number,
  about: Pick<Order, 'channel' | 'language' | 'currency'>,
): Order {
  const at = new Date('2026-11-21T05:30:00Z')
  const lines = Array.from({ length: count }, (_, number) => ({
    ...line(number + 1, words),
    unitPrice: 9_999_999_999,
    quantity: 10_000,
    image: `https://shop.example/m/${'a'.repeat(1500)}`,
  }))
  return {
    _id: new mongoose.Types.ObjectId(),
    regNo: words || 'P-1',
    lines,
    totals: { items: huge, discount: huge, delivery: huge, total: huge, vat: huge },
    address: { name: words },
    delivery: { type: 'courier', companyName: words, slotBegin: at, slotEnd: at },
    parts: Array.from({ length: 20 }, () => ({ method: words || 'card', gateway: 'omise' })),
    deadline: at,
    holdsUntil: null,
    paidAt: at,
    state: 'PAID',
    ...about,
  } as unknown as Order
}
