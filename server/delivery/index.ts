export {
  cancelCase,
  findCase,
  markDelivered,
  markSent,
  openCase,
  type Parcel,
} from './cases.ts'
export { confirmDelivery } from './confirm.ts'
export { findPoint, listPoints, quoteCouriers } from './offers.ts'
export { startDelivery, stopDelivery } from './plan.ts'
export { routes } from './routes.ts'
export { holdSlot, releaseSlot } from './slots.ts'
