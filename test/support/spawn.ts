import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { root } from '../../server/settings.ts'
import { freePort } from './listen.ts'

export interface SpawnedServer {
  url: string
  port: number
  /** Everything that it has printed so far. */
  printed(): string
  /** Sends a signal; resolves with the exit code when it is gone. */
  end(signal?: NodeJS.Signals): Promise<number | null>
  child: ChildProcess
}

/** Runs `server/main.ts` to its end, which must come by itself: for starts that are refused. */
export async function runServer(
  env: Record<string, string>,
): Promise<{ code: number | null; printed: string }> {
  const { child, printed } = launch(env)
  const [code] = await once(child, 'close')
  return { code: code as number | null, printed: printed() }
}

/**
 * Starts `server/main.ts` as a process of its own: to kill it, or to have several. Without a PORT it gets a free one.
 * Resolves when it answers.
 */
export async function spawnServer(env: Record<string, string>): Promise<SpawnedServer> {
  const port = env['PORT'] ? Number(env['PORT']) : await freePort()
  const { child, printed } = launch({ PORT: String(port), RATE_LIMITS: 'off', ...env })
  const closed = once(child, 'close')
  const url = `http://127.0.0.1:${port}`
  while (!(await isReady(url))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The server ended instead of starting:\n${printed()}`)
    }
    await wait(50)
  }
  return {
    url,
    port,
    printed,
    child,
    async end(signal = 'SIGTERM') {
      child.kill(signal)
      await closed
      return child.exitCode
    },
  }
}

function launch(env: Record<string, string>) {
  const child = spawn(process.execPath, [join(root, 'server', 'main.ts')], {
    // Nothing of the developer's own settings: `.env` is read, but what is set here wins.
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const keep = (chunk: Buffer) => {
    text += String(chunk)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return { child, printed: () => text }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    (response) => response.ok,
    () => false,
  )
}
