// `npm run verify`: checks the shop's books and says what is wrong with them.
import { connect, DatabaseError, mongoFolder, startClock, stopClock } from './database/index.ts'
import { verify } from './database/verify.ts'
import { loadSettings, SettingsError } from './settings.ts'

try {
  const { mongodbUri: uri, dataDir } = loadSettings(() => {})
  const database = await connect({ uri, dir: mongoFolder(dataDir), besideShop: true })
  await startClock()
  const found = await verify()
  for (const { rule, subject, problem } of found) console.log(`${rule}: ${subject}: ${problem}`)
  console.log(found.length ? `${found.length} broken` : 'Clean: every rule holds.')
  process.exitCode = found.length ? 1 : 0
  stopClock()
  await database.close()
} catch (error) {
  const told = error instanceof SettingsError || error instanceof DatabaseError
  console.error(told ? error.message : error)
  process.exitCode = 1
}
