import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { ListenError } from './listener.ts'
import { root, type Settings, sandboxEnvironment } from './settings.ts'

export interface SandboxProcess {
  /** Where its mailbox takes mails. */
  smtpUrl: string
  close(): Promise<void>
}

const Ready = z.object({ smtpUrl: z.string() })

/**
 * Starts the simulated outside world in a process of its own, and waits until that says that it listens. It ends with
 * us, however we end: the channel between us closes even after kill -9.
 */
export async function startSandbox(settings: Settings): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [join(root, 'sandbox', 'start.ts')], {
    env: sandboxEnvironment(settings),
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + String(chunk)).slice(-4000)
  })
  const ended = once(child, 'exit')
  const ready = once(child, 'message').then(([message]) => Ready.parse(message))
  const told = await Promise.race([ready, ended.then(() => null)])
  if (!told) throw explain(errors, settings.sandboxPort)
  child.stderr?.pipe(process.stderr)
  return {
    smtpUrl: told.smtpUrl,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await Promise.race([ended, wait(2000, undefined, { ref: false })])
      child.kill('SIGKILL')
    },
  }
}

function explain(errors: string, port: number): Error {
  if (!errors.includes('EADDRINUSE')) return new Error(`The sandbox did not start:\n${errors}`)
  return new ListenError(
    `Port ${port}, where the phone and the mailbox belong, is in use by another program: stop that one, or choose another with SANDBOX_PORT=${port + 10} npm start.`,
  )
}
