import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { ListenError } from './listener.ts'
import { compileCache, root, type Settings } from './settings.ts'

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

/** What a simulated outside world must be told, as its process's environment. */
function sandboxEnvironment(of: Settings): Record<string, string> {
  const told: Record<string, string | null | undefined> = {
    SANDBOX_PORT: String(of.sandboxPort),
    SANDBOX_SMTP_PORT: '0',
    NODE_COMPILE_CACHE: compileCache,
    PUBLIC_URL: of.publicUrl,
    DATA_DIR: of.dataDir,
    LINE_CHANNEL_SECRET: of.line?.channelSecret,
    LINE_CHANNEL_ACCESS_TOKEN: of.line?.channelAccessToken,
    LIFF_ID: of.line?.liffId,
    LINE_LOGIN_CHANNEL_ID: of.line?.loginChannelId,
    LINE_LOGIN_CHANNEL_SECRET: of.line?.loginChannelSecret,
    OMISE_PUBLIC_KEY: of.omise?.publicKey,
    OMISE_SECRET_KEY: of.omise?.secretKey,
    OMISE_WEBHOOK_SECRET: of.omise?.webhookSecret,
  }
  return Object.fromEntries(Object.entries(told).filter((entry): entry is [string, string] => !!entry[1]))
}
