export { availableFor, stockInStores } from './available.ts'
export { begunEvents } from './events.ts'
export { orderableNow, searchProducts } from './find.ts'
export {
  commitHolds,
  extendHolds,
  holdsAll,
  releaseHolds,
  type Shortage,
  shipHolds,
  takeHolds,
  type Wanted,
} from './holds.ts'
export { cancelPicking, handOver, markPicked, openPicking } from './picking.ts'
export { priceOf } from './price.ts'
export { routes } from './routes.ts'
export { setSeats } from './seats.ts'
export { forgetStores } from './stores.ts'
