export { ensureAdmin, type FirstLogin } from './first-admin.ts'
export { verifyLineIdToken } from './line-login.ts'
export { roleOf } from './role.ts'
export { routes } from './routes.ts'
export {
  addOrderToSession,
  findCustomer,
  findStaff,
  openCustomerSession,
  requireCaller,
  sessionsOfOrder,
} from './sessions.ts'
