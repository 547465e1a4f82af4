import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { compileCache } from './compile-cache.ts'
import { ListenError } from './listener.ts'
import { mailboxPort } from './sandbox-settings.ts'
import { root, type Settings } from './settings.ts'

export interface SandboxProcess {
  /** Renames the shop's simulated accounts, as its owner would in each platform's own pages. */
  rename(name: string): void
  close(): Promise<void>
}

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
  const ready = once(child, 'message').then(() => 'ready' as const)
  if ((await Promise.race([ready, ended])) !== 'ready') throw explain(errors, settings.sandboxPort)
  child.stderr?.pipe(process.stderr)
  return {
    rename(name) {
      if (child.connected) child.send({ shopName: name })
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await Promise.race([ended, wait(2000, undefined, { ref: false })])
      child.kill('SIGKILL')
    },
  }
}

const lookMs = 2000

/** Keeps the simulated accounts named as the shop is, which may move to another country. Answers how to stop. */
export function keepNamed(outside: SandboxProcess, nameOf: () => Promise<string>): () => Promise<void> {
  let told = ''
  const look = async () => {
    const name = await nameOf()
    if (name === told) return
    told = name
    outside.rename(name)
  }
  const timer = setInterval(() => void look().catch(() => undefined), lookMs)
  void look().catch(() => undefined)
  return async () => clearInterval(timer)
}

function explain(errors: string, port: number): Error {
  if (!errors.includes('EADDRINUSE')) return new Error(`The sandbox did not start:\n${errors}`)
  const inUse = /Port (\d+)/.exec(errors)?.[1] ?? port
  return new ListenError(
    `Port ${inUse}, where the phone and the mailbox belong, is in use by another program: stop that one, or choose another with SANDBOX_PORT=${port + 10} npm start.`,
  )
}

/** What a simulated outside world must be told, as its process's environment. */
function sandboxEnvironment(of: Settings): Record<string, string> {
  const { omise, ipaymu, komoju, halkbank, foreignAffairsBank, sbp } = of.gateways
  const told: Record<string, string | null | undefined> = {
    SANDBOX_PORT: String(of.sandboxPort),
    SANDBOX_SMTP_PORT: String(mailboxPort(of.sandboxPort)),
    NODE_COMPILE_CACHE: compileCache,
    PUBLIC_URL: of.publicUrl,
    DATA_DIR: of.dataDir,
    LINE_CHANNEL_SECRET: of.line?.channelSecret,
    LINE_CHANNEL_ACCESS_TOKEN: of.line?.channelAccessToken,
    LIFF_ID: of.line?.liffId,
    LINE_LOGIN_CHANNEL_ID: of.line?.loginChannelId,
    LINE_LOGIN_CHANNEL_SECRET: of.line?.loginChannelSecret,
    MESSENGER_APP_ID: of.messenger?.appId,
    MESSENGER_APP_SECRET: of.messenger?.appSecret,
    MESSENGER_PAGE_ID: of.messenger?.pageId,
    MESSENGER_PAGE_TOKEN: of.messenger?.pageToken,
    MESSENGER_VERIFY_TOKEN: of.messenger?.verifyToken,
    OMISE_PUBLIC_KEY: omise?.publicKey,
    OMISE_SECRET_KEY: omise?.secretKey,
    OMISE_WEBHOOK_SECRET: omise?.webhookSecret,
    IPAYMU_VA: ipaymu?.va,
    IPAYMU_API_KEY: ipaymu?.apiKey,
    KOMOJU_SECRET_KEY: komoju?.secretKey,
    KOMOJU_WEBHOOK_SECRET: komoju?.webhookSecret,
    HALKBANK_USERNAME: halkbank?.username,
    HALKBANK_PASSWORD: halkbank?.password,
    FOREIGN_AFFAIRS_BANK_CLIENT_ID: foreignAffairsBank?.clientId,
    FOREIGN_AFFAIRS_BANK_CLIENT_SECRET: foreignAffairsBank?.clientSecret,
    SBP_SHOP_ID: sbp?.shopId,
    SBP_SECRET_KEY: sbp?.secretKey,
  }
  return Object.fromEntries(Object.entries(told).filter((entry): entry is [string, string] => !!entry[1]))
}
