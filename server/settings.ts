// The one reader of the environment. Everything else asks `settings()`.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { type GatewaySettings, readGateways } from './gateway-settings.ts'
import { decideSandbox, demoKeys } from './sandbox-settings.ts'
import {
  checkSettings,
  type Env,
  type SettingName,
  SettingsError,
  settingNames,
  unreadLines,
  type Values,
} from './setting-checks.ts'

export { SettingsError, settingNames } from './setting-checks.ts'

/** Where the program lies on disk. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Keys that were made here, and are kept in DATA_DIR so that sessions and stored tokens outlive a restart. */
export interface Secrets {
  session: string
  /** 64 hexadecimal digits. */
  encryption: string
}

export interface Settings {
  /** The outside world is simulated: demo keys, demo login, loopback only. */
  sandbox: boolean
  port: number
  sandboxPort: number
  /** Without a slash at the end. */
  publicUrl: string
  /** Cookies are marked Secure. */
  https: boolean
  /** Absent: a MongoDB of our own. */
  mongodbUri: string | undefined
  dataDir: string
  brokerUrl: string | undefined
  roles: ('web' | 'worker')[]
  rateLimits: boolean
  admin: { username: string; password: string } | null
  sessionSecret: string
  /** The first seals; all of them open. */
  encryptionKeys: Buffer[]
  /** Null: the channel is switched off. */
  line: LineSettings | null
  /** Null: the channel is switched off. */
  messenger: MessengerSettings | null
  /** What each gateway needs; null for one that is switched off. */
  gateways: GatewaySettings
  /** Null: no mail leaves. */
  smtp: { url: string; from: string } | null
  /** The address of the simulated platforms; null outside the sandbox. */
  sandboxUrl: string | null
  /** Whether this process starts them: not where they are simulated elsewhere, nor for a worker beside a web process. */
  startsSandbox: boolean
}

export interface LineSettings {
  channelSecret: string
  channelAccessToken: string
  apiUrl: string
  dataApiUrl: string
  liffId: string | null
  loginChannelId: string | null
  loginChannelSecret: string | null
}

/** One page of Facebook: events of others are stored and left alone. */
export interface MessengerSettings {
  appSecret: string
  verifyToken: string | null
  pageToken: string
  pageId: string
  appId: string | null
  /** With the API's version at the end. */
  apiUrl: string
}

/**
 * Reads settings from an environment. Throws a SettingsError that names every wrong one.
 * `made` are the secrets to use where none is set.
 */
export function readSettings(env: Env, made: () => Secrets = makeSecrets): Settings {
  const given = checkSettings(env)
  const sandbox = decideSandbox(given)
  const port = given.PORT ?? 3000
  const sandboxPort = given.SANDBOX_PORT ?? 3001
  const publicUrl = given.PUBLIC_URL ?? `http://localhost:${port}`
  if (sandbox && !isLoopback(publicUrl)) {
    throw new SettingsError(
      `PUBLIC_URL is ${publicUrl}, which others can reach, and the sandbox with its printed login is for this machine only: give the keys of a real platform with SANDBOX=0, or remove PUBLIC_URL.`,
    )
  }
  if (sandbox && port !== 0 && port === sandboxPort) {
    throw new SettingsError(`PORT and SANDBOX_PORT are both ${port}: give each a number of its own.`)
  }
  const secrets = given.SESSION_SECRET && given.ENCRYPTION_KEY ? null : made()
  const sessionSecret = given.SESSION_SECRET ?? (secrets as Secrets).session
  const encryption = given.ENCRYPTION_KEY ?? (secrets as Secrets).encryption
  const sandboxUrl = sandbox ? `http://localhost:${sandboxPort}` : null
  const roles = [...new Set((given.ROLES ?? 'web,worker').split(/\s*,\s*/))] as Settings['roles']
  const all = sandboxUrl ? { ...demoKeys(sandboxUrl, sessionSecret), ...given } : given

  return {
    sandbox,
    port,
    sandboxPort,
    publicUrl,
    https: publicUrl.startsWith('https:'),
    mongodbUri: given.MONGODB_URI,
    dataDir: resolve(root, given.DATA_DIR ?? 'data'),
    brokerUrl: given.BROKER_URL,
    roles,
    rateLimits: given.RATE_LIMITS !== 'off',
    admin:
      given.ADMIN_USERNAME && given.ADMIN_PASSWORD
        ? { username: given.ADMIN_USERNAME, password: given.ADMIN_PASSWORD }
        : null,
    sessionSecret,
    encryptionKeys: encryption.split(',').map((key) => Buffer.from(key, 'hex')),
    line: readLine(all),
    messenger: readMessenger(all),
    gateways: readGateways(all),
    smtp: all.SMTP_URL ? { url: all.SMTP_URL, from: all.SMTP_FROM ?? 'shop@localhost' } : null,
    sandboxUrl,
    startsSandbox: sandbox && roles.includes('web') && !(given.LINE_API_URL && given.OMISE_API_URL),
  }
}

function readLine(all: Values): LineSettings | null {
  if (!all.LINE_CHANNEL_SECRET || !all.LINE_CHANNEL_ACCESS_TOKEN) return null
  return {
    channelSecret: all.LINE_CHANNEL_SECRET,
    channelAccessToken: all.LINE_CHANNEL_ACCESS_TOKEN,
    apiUrl: all.LINE_API_URL ?? 'https://api.line.me',
    dataApiUrl: all.LINE_DATA_API_URL ?? 'https://api-data.line.me',
    liffId: all.LIFF_ID ?? null,
    loginChannelId: all.LINE_LOGIN_CHANNEL_ID ?? null,
    loginChannelSecret: all.LINE_LOGIN_CHANNEL_SECRET ?? null,
  }
}

function readMessenger(all: Values): MessengerSettings | null {
  const { MESSENGER_APP_SECRET: appSecret, MESSENGER_PAGE_TOKEN: pageToken, MESSENGER_PAGE_ID: pageId } = all
  if (!appSecret || !pageToken || !pageId) return null
  const address = all.MESSENGER_API_URL ?? 'https://graph.facebook.com'
  return {
    appSecret,
    verifyToken: all.MESSENGER_VERIFY_TOKEN ?? null,
    pageToken,
    pageId,
    appId: all.MESSENGER_APP_ID ?? null,
    apiUrl: /\/v\d+\.\d+$/.test(address) ? address : `${address}/v25.0`,
  }
}

/** True for an address that only this machine reaches. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

const makeSecrets = (): Secrets => ({
  session: randomBytes(32).toString('hex'),
  encryption: randomBytes(32).toString('hex'),
})

/** The secrets of an installation: read from its data folder, made there the first time. */
function keptSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json')
  try {
    if (existsSync(file)) {
      return z
        .object({ session: z.string().min(32), encryption: z.string().length(64) })
        .parse(JSON.parse(readFileSync(file, 'utf8')))
    }
    mkdirSync(dataDir, { recursive: true })
    const secrets = makeSecrets()
    // Exclusive: of two processes that start together on a new folder, the second reads what the first wrote.
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600, flag: 'wx' })
    return secrets
  } catch (error) {
    const wasQuicker =
      error instanceof Error && 'code' in error && error.code === 'EEXIST' && existsSync(file)
    if (wasQuicker) return keptSecrets(dataDir)
    throw new SettingsError(
      `DATA_DIR is ${dataDir}, and its secrets.json cannot be read or written (${error instanceof Error ? error.message : String(error)}): give a folder that this user can write to.`,
    )
  }
}

/** The settings of this process: `.env`, then what the shell has set, which wins. */
export function loadSettings(say: (line: string) => void): Settings {
  const file = join(root, '.env')
  const words = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const written: Env = parseEnv(words)
  for (const line of unreadLines(words)) {
    say(`.env is not understood in line ${line}: write a setting as NAME=value, and a remark behind #.`)
  }
  for (const name of Object.keys(written)) {
    if (!settingNames.includes(name as SettingName)) {
      say(`.env names ${name}, which Parley does not know: see .env.example for the names.`)
    }
  }
  const env = { ...written, ...process.env }
  const dataDir = resolve(root, env['DATA_DIR']?.trim() || 'data')
  return readSettings(env, () => keptSecrets(dataDir))
}

let current: Settings | undefined

/** The settings in force. Ask when you need them rather than at import: tests start several shops. */
export function settings(): Settings {
  if (!current) throw new Error('No settings yet: call useSettings() before anything that asks for them')
  return current
}

/** Puts settings in force; the program does it once, tests for each shop they start. */
export function useSettings(chosen: Settings): void {
  current = chosen
}

/** What the machine offers: where programs are looked for, and where what was fetched is kept. */
export const machine = {
  path: process.env['PATH'] ?? '',
  cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'parley'),
}
