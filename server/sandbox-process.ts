import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ListenError } from './listener.ts'
import { root, type Settings, sandboxEnvironment } from './settings.ts'

export interface SandboxProcess {
  close(): Promise<void>
}

/** Ends the simulated world with us, however we end: the channel between us closes even after kill -9. */
const END_WITH_PARENT = 'data:text/javascript,process.on("disconnect",()=>process.exit(0))'

/** Starts the simulated outside world in a process of its own, and waits until that says that it listens. */
export async function startSandbox(settings: Settings): Promise<SandboxProcess> {
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, join(root, 'sandbox', 'start.ts')], {
    env: sandboxEnvironment(settings),
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + String(chunk)).slice(-4000)
  })
  const ended = once(child, 'exit')
  const ready = once(child, 'message').then(() => 'ready' as const)
  if ((await Promise.race([ready, ended])) !== 'ready') throw explain(errors, settings.sandboxPort)
  child.stderr?.pipe(process.stderr)
  return {
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
