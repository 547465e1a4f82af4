// The shop as a program: started from the settings of its environment, ended by a signal.
import { DatabaseError } from './database/index.ts'
import { ListenError } from './listener.ts'
import { log } from './log.ts'
import { loadSettings, SettingsError } from './settings.ts'
import { type Running, start } from './start.ts'

async function main(): Promise<void> {
  const say = (line: string) => console.log(line)
  const began = performance.now() - process.uptime() * 1000
  const running = await start(loadSettings(say), { say })
  say(`Ready in ${((performance.now() - began) / 1000).toFixed(1)} s. Stop with Ctrl-C.`)
  stopOnSignals(running)
}

/** Ctrl-C and SIGTERM stop everything in order; asked again a second later, at once. */
function stopOnSignals(running: Running): void {
  let since = 0
  const stop = async () => {
    if (since) {
      // npm passes on the Ctrl-C that the terminal has sent us already: that is not a second wish.
      if (performance.now() - since > 1000) process.exit(1)
      return
    }
    since = performance.now()
    await running.close()
    process.exit(0)
  }
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
  process.on('unhandledRejection', (error) =>
    log.error({ error }, 'A promise failed and nobody was listening'),
  )
}

await main().catch((error: unknown) => {
  const told =
    error instanceof SettingsError || error instanceof DatabaseError || error instanceof ListenError
  console.error(told ? `\n${error.message}\n` : error)
  process.exit(1)
})
