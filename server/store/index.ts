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
export { priceOf } from './price.ts'
