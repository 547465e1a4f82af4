// npm run setup:line: sets and tests what LINE lets a program set, and says what is left to do by hand.
import { setupLine } from '../bot/index.ts'
import { connect, mongoFolder } from '../server/database/index.ts'
import { loadSettings, useSettings } from '../server/settings.ts'

const green = (text: string) => `\u001b[32m✔ ${text}\u001b[0m`
const red = (text: string) => `\u001b[31m✘ ${text}\u001b[0m`

const say = (line: string) => console.log(line)
const settings = loadSettings(say)
useSettings(settings)
// The menu speaks the shop's language and wears its colour, and both are in the database.
const database = await connect({
  uri: settings.mongodbUri,
  dir: mongoFolder(settings.dataDir),
  say,
  besideShop: true,
})
try {
  const lines = await setupLine(settings)
  for (const { what, ok, answer, advice } of lines) {
    say(ok ? green(`${what}: ${answer}`) : red(`${what}: ${answer}`))
    if (advice) say(`  → ${advice}`)
  }
  const open = lines.filter(({ ok }) => !ok).length
  say(open ? `\n${open} to do. Follow the arrows and run npm run setup:line again.` : '\nLINE is ready.')
  process.exitCode = open ? 1 : 0
} finally {
  await database.close()
}
