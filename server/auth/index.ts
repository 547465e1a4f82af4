export { ensureAdmin, type FirstLogin, recoveryLink } from './first-admin.ts'
export { findIntegration, type Integration } from './integrations.ts'
export { verifyLineIdToken } from './line-login.ts'
export { verifySignedRequest } from './messenger-request.ts'
export { forgetSessions } from './remembered.ts'
export { routes } from './routes.ts'
export {
  findCustomer,
  findStaff,
  openCustomerSession,
  sessionsOfOrder,
} from './sessions.ts'
