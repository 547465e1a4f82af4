// npm run reset-demo: empties the sample shop's orders and chats and sets its goods up again. Staff keep their logins.
// npm run reset-demo -- JP: the same, in another country.
import mongoose from 'mongoose'
import { Sessions } from '../../models/user.ts'
import { connect, DatabaseError, mongoFolder } from '../database/index.ts'
import { loadSettings, SettingsError, useSettings } from '../settings.ts'
import { isSampleCountry, sampleCountries } from './demo/index.ts'
import { seedDemo } from './demo.ts'

/** What the platforms were told of the shop stays told: only so does the running shop see that it is out of date. */
const kept = new Set(['users', 'sessions', 'connections', 'schema_marks'])

async function resetDemo(country: string, say: (line: string) => void): Promise<void> {
  if (!isSampleCountry(country)) {
    throw new SettingsError(
      `There is no sample shop in "${country}". There are: ${sampleCountries.join(', ')}.`,
    )
  }
  const settings = loadSettings(say)
  if (!settings.sandbox) {
    throw new SettingsError(
      'This shop has real keys, so its data is not a sample: nothing was deleted. Only a shop in the sandbox can be reset.',
    )
  }
  useSettings(settings)
  const database = await connect({
    uri: settings.mongodbUri,
    dir: mongoFolder(settings.dataDir),
    say,
    besideShop: true,
  })
  try {
    await Promise.all((await sampleCollections()).map((collection) => collection.deleteMany({})))
    await Sessions.deleteMany({ kind: 'customer' })
    await seedDemo(country)
    say(`The sample shop is as new, in ${country}. Staff log in as before.`)
  } finally {
    await database.close()
  }
}

async function sampleCollections() {
  const all = (await mongoose.connection.db?.collections()) ?? []
  return all.filter(
    ({ collectionName }) => !kept.has(collectionName) && !collectionName.startsWith('system.'),
  )
}

await resetDemo((process.argv[2] ?? 'TH').toUpperCase(), (line) => console.log(line)).catch(
  (error: unknown) => {
    const told = error instanceof SettingsError || error instanceof DatabaseError
    console.error(told ? `\n${error.message}\n` : error)
    process.exit(1)
  },
)
