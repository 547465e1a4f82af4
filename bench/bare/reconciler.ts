// One process that compares a day with a list that it makes up, and prints what that took. The day and the number of
// its payments come as arguments, the database and the keys of the gateway from the environment.
import { type Reconciliation, Reconciliations } from '../../models/reconciliation.ts'
import { instantIn } from '../../models/zone.ts'
import { connect, prepareIndexes, startClock } from '../../server/database/index.ts'
import { configureGateways, type Listed } from '../../server/payment/index.ts'
import { begin } from '../../server/reconciliation/days.ts'
import { work } from '../../server/reconciliation/run.ts'
import { loadSettings, useSettings } from '../../server/settings.ts'
import { idOf } from '../support/attempts.ts'

const [, , day = '', number = ''] = process.argv
const count = Number(number)
const settings = loadSettings(() => undefined)
useSettings(settings)
await connect({ uri: settings.mongodbUri, dir: '', say: () => undefined })
await prepareIndexes()
await startClock()
configureGateways(settings)

const first = instantIn('Asia/Bangkok', day, '00:00').getTime()
const dayMs = 86_400_000

async function* list({ from, to }: { from: Date; to: Date }): AsyncGenerator<Listed> {
  const begins = Math.ceil(((from.getTime() - first) * count) / dayMs)
  for (let index = begins; first + (index * dayMs) / count < to.getTime(); index += 1) {
    yield listed(idOf(index), Math.floor(first + (index * dayMs) / count))
  }
  // Somebody has taken money at the same account, once an hour.
  yield { ...listed(`foreign${from.getTime()}`, from.getTime()), attemptId: null }
}

const listed = (id: string, at: number): Listed => ({
  ref: { kind: 'charge', value: `chrg_test_${id}` },
  attemptId: id,
  money: { amount: 30_050, currency: 'THB' },
  captured: 30_050,
  refunded: 0,
  said: 'successful',
  at: new Date(at),
})

await begin('omise', day, 'bench')
const run = await Reconciliations.findOne({ gateway: 'omise', day }).lean<Reconciliation>()
const before = process.cpuUsage()
const began = performance.now()
let held = 0
const looking = setInterval(() => {
  held = Math.max(held, process.memoryUsage.rss())
}, 50)
if (run) await work(run, list)
clearInterval(looking)
const { user, system } = process.cpuUsage(before)
const seconds = (performance.now() - began) / 1000
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, megabytes: held / 1024 / 1024 }))
process.exit()
