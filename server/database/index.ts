export { connect, type Database, mongoFolder } from './connect.ts'
export { prepareIndexes } from './indexes.ts'
export { DatabaseError } from './server-check.ts'
export { isDuplicate, transaction } from './transaction.ts'
