export { connect, type Database } from './connect.ts'
export { isDuplicate, transaction } from './transaction.ts'
