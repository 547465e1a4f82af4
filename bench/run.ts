// `npm run bench`, or `npm run bench checkouts`: prints what was measured beside what this machine can do at all.
import { parseArgs } from 'node:util'
import { log } from '../server/log.ts'
import { checkouts } from './checkouts.ts'
import { polling } from './polling.ts'
import { reconciling } from './reconciling.ts'
import { search } from './search.ts'
import { settling } from './settling.ts'
import { start } from './start.ts'
import { webhooks } from './webhooks.ts'
import { webview } from './webview.ts'

const benches: Record<string, (options: { profile: boolean }) => Promise<void>> = {
  webhooks,
  checkouts,
  settling,
  polling,
  reconciling,
  search,
  start,
  webview,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: 'boolean', default: false } },
})
const unknown = positionals.filter((name) => !benches[name])
if (unknown.length) {
  console.error(`There is no bench "${unknown.join(' ')}". There are: ${Object.keys(benches).join(', ')}.`)
  process.exit(1)
}
log.level = 'error'
for (const [name, bench] of Object.entries(benches)) {
  if (!positionals.length || positionals.includes(name)) await bench(values)
}
