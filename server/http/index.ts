export type { Sessions } from './access.ts'
export { escapeHtml } from './answer.ts'
export { assets, findEntry } from './assets.ts'
export { AppError, notFound } from './errors.ts'
export { once } from './idempotency.ts'
export { readMetrics } from './metrics.ts'
export { mountRoutes } from './mount.ts'
export { networkOf } from './network.ts'
export { nonceOf, pageHandlers } from './pages.ts'
export { createRateLimits, noRateLimits, type RateLimits } from './rate.ts'
export {
  type Access,
  type Call,
  type Caller,
  type CustomerCaller,
  Reply,
  type Route,
  route,
  type StaffCaller,
} from './route.ts'
export { type InputProblem, validate } from './validate.ts'
