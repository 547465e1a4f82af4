import type { Order } from '../../models/order.ts'
import type { Wanted } from '../store/index.ts'

/**
 * Whether an address and a way to it are asked: goods to send, and the logistic system on. Whoever sells through an
 * integration of theirs delivers by themselves.
 */
export const needsDelivery = (order: Pick<Order, 'lines' | 'channel'>, logistics: boolean): boolean =>
  logistics && order.channel !== 'api' && order.lines.some((line) => line.kind === 'GOODS')

/** The lines that want goods from the stock: a free-text line has none. */
export const wantedGoods = (order: Pick<Order, 'lines'>): Wanted[] =>
  order.lines.flatMap(({ number, variant, quantity, product, kind }) =>
    product && variant
      ? [{ line: number, sku: variant, quantity, ...(kind === 'TICKET' && { event: product }) }]
      : [],
  )

/** Tickets are mailed: where no address is asked, somebody must say to whom. */
export const needsContact = (order: Pick<Order, 'lines' | 'channel'>, logistics: boolean): boolean =>
  order.lines.some((line) => line.kind === 'TICKET') && !needsDelivery(order, logistics)
