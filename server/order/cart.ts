import type { Types } from 'mongoose'
import type { Currency } from '../../models/money.ts'
import { type Order, type OrderLine, Orders, type Reduction } from '../../models/order.ts'
import type { Product } from '../../models/store.ts'
import { isDuplicate } from '../database/index.ts'
import { AppError } from '../http/index.ts'
import { shopSettings } from '../shop/index.ts'
import { availableFor } from '../store/index.ts'
import { allowLines, productLine } from './lines.ts'
import { findUnopened, findWho, newOrder } from './open.ts'
import { rewrite } from './rewrite.ts'
import { computeTotals, lineTotal } from './totals.ts'
import { announceOrder, Stale } from './write.ts'

/** What a customer wants of one thing: `quantity` pieces where the page showed `seen`. */
export interface CartWish {
  /** Needed only to put something in. */
  product: Product | null
  sku: string
  quantity: number
  seen: number
}

const mostTries = 8

/**
 * The order that a customer fills in a conversation: the cart, or else the newest draft in this currency that was
 * opened there and is still to be checked out, so that going back to the catalogue goes on with the same order.
 */
export async function findCart(
  conversation: Types.ObjectId,
  customer: Types.ObjectId,
  currency: Currency,
): Promise<Order | null> {
  const unopened = await findUnopened(customer)
  if (unopened) return unopened
  return Orders.collection.findOne<Order>(
    { conversation, customer, currency, state: 'DRAFT' },
    { sort: { createdAt: -1 }, hint: { conversation: 1, createdAt: -1 } },
  )
}

/**
 * Sets how many pieces of one thing a customer wants; the first of them makes the draft. Repeating a wish changes
 * nothing, whatever staff do to other lines meanwhile stays, and a wish that was formed on another number of the
 * same thing is refused: the other's change is to be seen first.
 */
export async function putInCart(
  conversation: Types.ObjectId,
  wish: CartWish,
  currency: Currency,
): Promise<Order> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    try {
      const who = await findWho(conversation)
      const cart = await findCart(conversation, who.customer._id, currency)
      if (cart) return await changeCart(cart, wish)
      return await startCart(await newOrder(who, 'customer', currency), wish)
    } catch (error) {
      // Somebody wrote the order, or made the draft, in this very moment: the wish is tried on what is there now.
      if (!(error instanceof Stale) && !isDuplicate(error)) throw error
    }
  }
  throw new Stale()
}

async function startCart(draft: Order, wish: CartWish): Promise<Order> {
  expectSeen(draft, wish)
  if (wish.quantity === 0) return draft
  const lines = await linesWith(draft, wish)
  const { vatPercent } = await shopSettings()
  const cart = { ...draft, lines, nextLine: 2, totals: computeTotals({ ...draft, lines }, vatPercent) }
  await Orders.collection.insertOne(cart)
  announceOrder(cart)
  return cart
}

async function changeCart(cart: Order, wish: CartWish): Promise<Order> {
  if (piecesOf(cart, wish.sku) === wish.quantity) return cart
  expectSeen(cart, wish)
  const lines = await linesWith(cart, wish)
  const nextLine = Math.max(cart.nextLine, ...lines.map(({ number }) => number + 1))
  return rewrite(cart, { lines, nextLine, discount: discountFor(cart, lines) }, 'customer')
}

const piecesOf = ({ lines }: Pick<Order, 'lines'>, sku: string): number =>
  lines.reduce((sum, { variant, quantity }) => sum + (variant === sku ? quantity : 0), 0)

function expectSeen(order: Order, { sku, seen }: CartWish): void {
  if (piecesOf(order, sku) === seen) return
  throw new AppError(
    'cart.changed',
    'The number of pieces was changed in the meantime. Look at the cart as it is now, then change it again.',
    { status: 409, reload: true },
  )
}

/** The lines with just so many pieces of one thing. What is added goes to the newest line of it, or to a new one. */
async function linesWith(order: Order, wish: CartWish): Promise<OrderLine[]> {
  const { product, sku, quantity, seen } = wish
  if (product && quantity > seen) {
    await expectAvailable(order, wish)
    const last = order.lines.findLast(({ variant }) => variant === sku)
    const added = productLine(
      product,
      {
        sku,
        number: last?.number ?? order.nextLine,
        quantity: (last?.quantity ?? 0) + quantity - seen,
        discount: last?.discount ?? null,
      },
      order.currency,
    )
    const lines = last ? order.lines.map((line) => (line === last ? added : line)) : [...order.lines, added]
    allowLines(lines)
    return lines
  }
  let tooMany = seen - quantity
  return order.lines
    .toReversed()
    .flatMap((line) => {
      if (line.variant !== sku || tooMany === 0) return [line]
      const taken = Math.min(tooMany, line.quantity)
      tooMany -= taken
      const left = line.quantity - taken
      return left ? [{ ...line, quantity: left, discount: share(line.discount, left, line.quantity) }] : []
    })
    .reverse()
}

/** What staff take off was meant for what was in the order: it shrinks with it, and never grows by itself. */
function discountFor(before: Order, lines: OrderLine[]): Reduction | null {
  const [was, is] = [before.lines, lines].map((all) => all.reduce((sum, line) => sum + lineTotal(line), 0))
  return share(before.discount, is ?? 0, was ?? 0)
}

function share(discount: Reduction | null | undefined, part: number, whole: number): Reduction | null {
  if (!discount) return null
  if (part >= whole) return discount
  const amount = Number((BigInt(discount.amount) * BigInt(part)) / BigInt(whole))
  return amount > 0 ? { ...discount, amount } : null
}

async function expectAvailable({ _id }: Order, { sku, quantity, seen }: CartWish): Promise<void> {
  const [available = 0] = (await availableFor(_id, [sku])).values()
  if (quantity <= available) return
  throw new AppError('cart.short', `Only ${available} of it can be had. Take fewer.`, {
    status: 409,
    details: { available, seen },
  })
}
