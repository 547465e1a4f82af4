export { line } from './line.ts'
export { messenger } from './messenger.ts'
