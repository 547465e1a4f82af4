export { AppError, notFound } from './errors.ts'
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
