export {
  asCustomer,
  becomeCustomer,
  publicName,
  rememberAddress,
  setCustomerStatus,
  setReachable,
  upsertCustomer,
} from './customer.ts'
export { idsOfPerson, isPersons, mergeCustomers, personOf } from './person.ts'
export { routes } from './routes.ts'
export { noteUsername, readUsernames, usernameOf } from './username.ts'
