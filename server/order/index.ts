export { orderAtOnce } from './at-once.ts'
export { cardOf, digestOf, publishCard } from './card.ts'
export { findCart, putInCart } from './cart.ts'
export { setDeliveryFee, setDiscount, setItems } from './edit.ts'
export { needsContact, needsDelivery, wantedGoods } from './goods.ts'
export { type Invoice, openInvoice } from './invoice.ts'
export {
  type CatalogueLink,
  catalogueLinkById,
  type FoundLink,
  findCatalogueLink,
  findLink,
  makeCatalogueLink,
  makeLink,
  revokeLinks,
} from './links.ts'
export { findUnopened, findWho, openCart, openOrder } from './open.ts'
export { pageOpened } from './page.ts'
export { requote } from './quote.ts'
export { hasAttempts, refreshStatus } from './status.ts'
export { computeTotals, goodsValue, lineTotal } from './totals.ts'
export {
  announceOrder,
  changeOrder,
  changeTogether,
  expectState,
  expectVersion,
  findOrder,
  findOrders,
  latestOrder,
  Stale,
} from './write.ts'
