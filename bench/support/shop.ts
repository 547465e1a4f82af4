import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import mongoose from 'mongoose'
import { connect, mongoFolder } from '../../server/database/index.ts'
import { machine, readSettings, root, useSettings } from '../../server/settings.ts'
import { freePort } from '../../test/support/listen.ts'
import { cpuOf, endProcess, endWithUs } from './processes.ts'

/** LINE's channel secret, and the secret of the Meta app. */
export const channelSecret = 'the channel secret of a bench'
export const pageId = '100000000000001'

export interface Shop {
  url: string
  /** The database's address, for what is measured beside the shop. */
  uri: string
  pid: number
  /** Milliseconds from the start of the process to the first answer that says ready. */
  readyAfter: number
  /** Milliseconds of the server's CPU until then: steadier than the time. */
  readyCpu: number
  /** CPU so far of the server and of its MongoDB, milliseconds. */
  cpu(): { server: number; database: number }
  end(): Promise<void>
}

export interface ShopOptions {
  /** `web` answers only; what happens later (relay, saga, sending, sweeps) is left to nobody. */
  roles?: 'web' | 'web,worker'
  /** Where the simulated Omise and LINE are. */
  platforms?: string
  /** Keep what an earlier start has left in this folder. */
  dataDir?: string
  /** Writes a CPU profile of the server into the working folder when it ends. */
  profile?: boolean
}

/** Starts the real server the way `npm start` does, with a MongoDB of its own, and connects mongoose beside it. */
export async function startShop(options: ShopOptions = {}): Promise<Shop> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'parley-bench-'))
  const port = await freePort()
  const env = environment(options, dataDir, port)
  const began = performance.now()
  const child = spawn(process.execPath, [...startArguments(options.profile ?? false)], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  endWithUs(child)
  const url = `http://127.0.0.1:${port}`
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error('The server ended instead of starting')
    await wait(10)
  }
  const readyAfter = performance.now() - began
  const readyCpu = cpuOf(child.pid ?? 0)

  useSettings(readSettings({ DATA_DIR: dataDir, SANDBOX: '1' }))
  const database = await connect({ dir: mongoFolder(dataDir), besideShop: true, say: () => undefined })
  const mongod = Number((await mongoose.connection.db?.admin().command({ serverStatus: 1 }))?.['pid'])
  const pid = child.pid ?? 0
  return {
    url,
    uri: database.uri,
    pid,
    readyAfter,
    readyCpu,
    cpu: () => ({ server: cpuOf(pid), database: cpuOf(mongod) }),
    async end() {
      await database.close()
      await endProcess(child)
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}

/** What `npm start` runs. */
function startArguments(profile: boolean): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [, ...args] = (scripts.start as string).split(' ')
  return profile ? ['--cpu-prof', ...args] : args
}

function environment({ roles, platforms }: ShopOptions, dataDir: string, port: number) {
  const base = {
    PATH: machine.path,
    HOME: homedir(),
    PORT: String(port),
    DATA_DIR: dataDir,
    RATE_LIMITS: 'off',
  }
  if (!platforms) return { ...base, SANDBOX: '1', SANDBOX_PORT: '0' }
  return {
    ...base,
    SANDBOX: '0',
    ROLES: roles ?? 'web,worker',
    LINE_CHANNEL_SECRET: channelSecret,
    LINE_CHANNEL_ACCESS_TOKEN: 'the token of a bench',
    LINE_API_URL: platforms,
    LINE_DATA_API_URL: platforms,
    MESSENGER_APP_SECRET: channelSecret,
    MESSENGER_PAGE_TOKEN: 'the token of a bench',
    MESSENGER_PAGE_ID: pageId,
    MESSENGER_API_URL: platforms,
    OMISE_PUBLIC_KEY: 'pkey_test_bench',
    OMISE_SECRET_KEY: 'skey_test_bench',
    OMISE_API_URL: platforms,
    OMISE_VAULT_URL: platforms,
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    (response) => response.ok,
    () => false,
  )
}
