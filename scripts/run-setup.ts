import type { SetupLine } from '../bot/setup-line.ts'
import { connect, DatabaseError, mongoFolder } from '../server/database/index.ts'
import { loadSettings, type Settings, SettingsError, useSettings } from '../server/settings.ts'

const say = (line: string) => console.log(line)
const colour = (code: number, text: string) =>
  process.stdout.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text

/** Sets up one platform, says what was done and what is left to do; ends with 1 while something is. */
export async function runSetup(
  platform: string,
  script: string,
  setUp: (settings: Settings) => Promise<SetupLine[]>,
): Promise<void> {
  try {
    const settings = loadSettings(say)
    useSettings(settings)
    // The menu speaks the shop's language and wears its colour, and both are in the database.
    const { mongodbUri: uri, dataDir } = settings
    const database = await connect({ uri, dir: mongoFolder(dataDir), say, besideShop: true })
    try {
      process.exitCode = tell(await setUp(settings), platform, script) ? 1 : 0
    } finally {
      await database.close()
    }
  } catch (error) {
    const told = error instanceof SettingsError || error instanceof DatabaseError
    console.error(told ? error.message : error)
    process.exitCode = 1
  }
}

function tell(lines: SetupLine[], platform: string, script: string): number {
  for (const { what, ok, answer, advice } of lines) {
    say(ok ? colour(32, `✔ ${what}: ${answer}`) : colour(31, `✘ ${what}: ${answer}`))
    if (advice) say(`  → ${advice}`)
  }
  const open = lines.filter(({ ok }) => !ok).length
  say(
    open ? `\n${open} to do. Follow the arrows and run npm run ${script} again.` : `\n${platform} is ready.`,
  )
  return open
}
