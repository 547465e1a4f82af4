// `npm start`. Node keeps what it has compiled, and has to be told so before it reads anything else.
import { enableCompileCache } from 'node:module'
import { compileCache } from './compile-cache.ts'

enableCompileCache(compileCache)
await import('./program.ts')
