export {
  becomeCustomer,
  publicName,
  rememberAddress,
  setCustomerStatus,
  setReachable,
  upsertCustomer,
} from './customer.ts'
export { routes } from './routes.ts'
