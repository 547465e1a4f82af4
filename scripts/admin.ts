// npm run admin -- NAME: prints a link with which that member of staff chooses a new password.
import { recoveryLink } from '../server/auth/index.ts'
import { connect, DatabaseError, mongoFolder } from '../server/database/index.ts'
import { loadSettings, SettingsError, useSettings } from '../server/settings.ts'

try {
  const settings = loadSettings(console.log)
  useSettings(settings)
  const username = process.argv[2]
  if (!username)
    throw new SettingsError('Whose password? Give the user name or e-mail: npm run admin -- NAME')
  const dir = mongoFolder(settings.dataDir)
  const database = await connect({ uri: settings.mongodbUri, dir, besideShop: true })
  const link = await recoveryLink(username)
  console.log(link ? `Within one hour, once: ${link}` : `Nobody is called ${username}. Check the name.`)
  await database.close()
  process.exitCode = link ? 0 : 1
} catch (error) {
  const told = error instanceof SettingsError || error instanceof DatabaseError
  console.error(told ? error.message : error)
  process.exitCode = 1
}
