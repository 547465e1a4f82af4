// npm run setup:line: sets and tests what LINE lets a program set, and says what is left to do by hand.
import { setupLine } from '../bot/setup-line.ts'
import { connect, DatabaseError, mongoFolder } from '../server/database/index.ts'
import { loadSettings, SettingsError, useSettings } from '../server/settings.ts'

const say = (line: string) => console.log(line)
const colour = (code: number, text: string) =>
  process.stdout.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text

async function main(): Promise<void> {
  const settings = loadSettings(say)
  useSettings(settings)
  // The menu speaks the shop's language and wears its colour, and both are in the database.
  const { mongodbUri: uri, dataDir } = settings
  const database = await connect({ uri, dir: mongoFolder(dataDir), say, besideShop: true })
  try {
    const lines = await setupLine(settings)
    for (const { what, ok, answer, advice } of lines) {
      say(ok ? colour(32, `✔ ${what}: ${answer}`) : colour(31, `✘ ${what}: ${answer}`))
      if (advice) say(`  → ${advice}`)
    }
    const open = lines.filter(({ ok }) => !ok).length
    say(open ? `\n${open} to do. Follow the arrows and run npm run setup:line again.` : '\nLINE is ready.')
    process.exitCode = open ? 1 : 0
  } finally {
    await database.close()
  }
}

await main().catch((error: unknown) => {
  const told = error instanceof SettingsError || error instanceof DatabaseError
  console.error(told ? error.message : error)
  process.exitCode = 1
})
