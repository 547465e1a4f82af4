export {
  cancelCase,
  findCase,
  markDelivered,
  markSent,
  openCase,
  type Parcel,
  trackingAddress,
} from './cases.ts'
export { confirmDelivery } from './confirm.ts'
export { findCourier, findPoint, listPoints, quoteCouriers } from './offers.ts'
export { startDelivery, stopDelivery } from './plan.ts'
export { routes } from './routes.ts'
export { freeSlot, holdSlot, releaseSlot, takeSlot } from './slots.ts'
