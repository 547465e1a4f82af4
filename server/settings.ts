// The one reader of the environment. Everything else asks `settings()`.
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { z } from 'zod'

type Env = Record<string, string | undefined>

/** Where the program lies on disk. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** A wrong setting, told in one sentence each: which, what was given, what is right. Never a secret's value. */
export class SettingsError extends Error {}

const text = z.string().min(1)
const port = z.coerce.number().int().min(0).max(65_535)
const address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

/** Every setting: how it is checked, and the words for what is right. */
const checks = {
  SANDBOX: [z.enum(['0', '1']), '1 (keep the sandbox on), 0 (forbid it), or leave it out'],
  PORT: [port, 'a port number from 0 to 65535, such as 3000'],
  SANDBOX_PORT: [port, 'a port number from 0 to 65535, such as 3001'],
  PUBLIC_URL: [address, 'the address that others reach this shop at, such as https://shop.example.com'],
  MONGODB_URI: [
    z.string().regex(/^mongodb(\+srv)?:\/\/.+/),
    'a MongoDB address, such as mongodb://127.0.0.1:27017/parley?replicaSet=rs0',
  ],
  DATA_DIR: [text, 'a folder that can be written to'],
  BROKER_URL: [z.string().regex(/^amqps?:\/\/.+/), 'a RabbitMQ address, such as amqp://127.0.0.1:5672'],
  ROLES: [
    z.string().regex(/^(web|worker)(\s*,\s*(web|worker))*$/),
    'web, worker, or both with a comma between',
  ],
  RATE_LIMITS: [z.enum(['on', 'off']), 'on or off'],
  ADMIN_USERNAME: [z.string().min(3).max(100), 'a user name of 3 to 100 characters'],
  ADMIN_PASSWORD: [z.string().min(10).max(200), 'a password of at least 10 characters'],
  SESSION_SECRET: [z.string().min(32), 'at least 32 random characters'],
  ENCRYPTION_KEY: [
    z.string().regex(/^[0-9a-f]{64}(,[0-9a-f]{64})*$/i),
    '64 hexadecimal digits; after a comma, older keys that may still open what they sealed',
  ],
  LINE_CHANNEL_SECRET: [text, 'the channel secret of the LINE Developers console'],
  LINE_CHANNEL_ACCESS_TOKEN: [text, 'a channel access token of the LINE Developers console'],
  LINE_API_URL: [address, 'an address, such as https://api.line.me'],
  LINE_DATA_API_URL: [address, 'an address, such as https://api-data.line.me'],
  LIFF_ID: [text, 'a LIFF id, such as 1234567890-AbcdEfgh'],
  LINE_LOGIN_CHANNEL_ID: [text, 'the id of the LINE Login channel that the LIFF app belongs to'],
  LINE_LOGIN_CHANNEL_SECRET: [text, 'the secret of the LINE Login channel'],
  MESSENGER_APP_SECRET: [text, 'the app secret of the Meta app'],
  MESSENGER_VERIFY_TOKEN: [text, 'the verify token that you gave Meta'],
  MESSENGER_PAGE_TOKEN: [text, 'a page access token'],
  MESSENGER_PAGE_ID: [text, 'the id of the page'],
  MESSENGER_APP_ID: [text, 'the id of the Meta app'],
  MESSENGER_API_URL: [address, 'an address, such as https://graph.facebook.com'],
  OMISE_PUBLIC_KEY: [z.string().startsWith('pkey_'), 'a public key, which begins with pkey_'],
  OMISE_SECRET_KEY: [z.string().startsWith('skey_'), 'a secret key, which begins with skey_'],
  OMISE_WEBHOOK_SECRET: [z.base64(), 'the webhook secret of the Omise dashboard, in base64'],
  OMISE_API_URL: [address, 'an address, such as https://api.omise.co'],
  OMISE_VAULT_URL: [address, 'an address, such as https://vault.omise.co'],
  IPAYMU_VA: [text, 'the VA number of the iPaymu account'],
  IPAYMU_API_KEY: [text, 'the API key of the iPaymu account'],
  IPAYMU_ENVIRONMENT: [z.enum(['sandbox', 'production']), 'sandbox or production'],
  IPAYMU_API_URL: [address, 'an address, such as https://my.ipaymu.com'],
  KOMOJU_SECRET_KEY: [text, 'the secret key of the Komoju merchant'],
  KOMOJU_WEBHOOK_SECRET: [text, 'the webhook secret of the Komoju merchant'],
  KOMOJU_API_URL: [address, 'an address, such as https://komoju.com'],
  HALKBANK_USERNAME: [text, 'the user name that the bank gave'],
  HALKBANK_PASSWORD: [text, 'the password that the bank gave'],
  HALKBANK_API_URL: [address, "the address of the bank's API"],
  FOREIGN_AFFAIRS_BANK_CLIENT_ID: [text, 'the client id that the bank gave'],
  FOREIGN_AFFAIRS_BANK_CLIENT_SECRET: [text, 'the client secret that the bank gave'],
  FOREIGN_AFFAIRS_BANK_API_URL: [address, "the address of the bank's API"],
  FOREIGN_AFFAIRS_BANK_TOKEN_URL: [address, 'the address that issues the bank its tokens'],
  SBP_SHOP_ID: [text, 'the shop id that the bank gave'],
  SBP_SECRET_KEY: [text, 'the secret key that the bank gave'],
  SBP_API_URL: [address, "the address of the bank's API"],
  PROMPTPAY_ID: [z.string().regex(/^\d{10}$|^\d{13}$|^\d{15}$/), 'a phone number, tax id or e-wallet id'],
  SMTP_URL: [
    z.string().regex(/^smtps?:\/\/.+/),
    'a mail server, such as smtp://user:password@mail.example.com:587',
  ],
  SMTP_FROM: [text, 'the sender of mails, such as Shop <shop@example.com>'],
  SMS_API_URL: [address, 'the address of the SMS service'],
  SMS_API_KEY: [text, 'the key of the SMS service'],
  VAPID_PUBLIC_KEY: [text, 'a VAPID public key'],
  VAPID_PRIVATE_KEY: [text, 'a VAPID private key'],
} as const satisfies Record<string, readonly [z.ZodType, string]>

export type SettingName = keyof typeof checks
type Values = { [Name in SettingName]?: z.output<(typeof checks)[Name][0]> }

/** Every name that `.env` may hold. */
export const settingNames = Object.keys(checks) as SettingName[]

/** What would reach the real world: with any of these the sandbox stays off unless it is asked for. */
const outsideKeys: SettingName[] = [
  'LINE_CHANNEL_SECRET',
  'LINE_CHANNEL_ACCESS_TOKEN',
  'MESSENGER_APP_SECRET',
  'MESSENGER_PAGE_TOKEN',
  'OMISE_PUBLIC_KEY',
  'OMISE_SECRET_KEY',
  'IPAYMU_VA',
  'IPAYMU_API_KEY',
  'KOMOJU_SECRET_KEY',
  'HALKBANK_USERNAME',
  'HALKBANK_PASSWORD',
  'FOREIGN_AFFAIRS_BANK_CLIENT_ID',
  'FOREIGN_AFFAIRS_BANK_CLIENT_SECRET',
  'SBP_SHOP_ID',
  'SBP_SECRET_KEY',
  'PROMPTPAY_ID',
  'SMTP_URL',
  'SMS_API_KEY',
]

/** Settings that mean nothing alone. */
const together: SettingName[][] = [
  ['LINE_CHANNEL_SECRET', 'LINE_CHANNEL_ACCESS_TOKEN'],
  ['OMISE_PUBLIC_KEY', 'OMISE_SECRET_KEY'],
  ['IPAYMU_VA', 'IPAYMU_API_KEY'],
  ['HALKBANK_USERNAME', 'HALKBANK_PASSWORD'],
  ['FOREIGN_AFFAIRS_BANK_CLIENT_ID', 'FOREIGN_AFFAIRS_BANK_CLIENT_SECRET'],
  ['SBP_SHOP_ID', 'SBP_SECRET_KEY'],
  ['ADMIN_USERNAME', 'ADMIN_PASSWORD'],
  ['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY'],
]

const secretNames = /SECRET|TOKEN|PASSWORD|KEY|_URI$|SMTP_URL|BROKER_URL/

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
  /** Null: the gateway is switched off. */
  omise: OmiseSettings | null
  /** Null: no mail leaves. */
  smtp: { url: string; from: string } | null
  /** The address of the simulated platforms; null outside the sandbox. */
  sandboxUrl: string | null
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

export interface OmiseSettings {
  publicKey: string
  secretKey: string
  /** Base64. */
  webhookSecret: string | null
  apiUrl: string
  vaultUrl: string
  /** Where the browser loads Omise.js from. */
  scriptUrl: string
}

/**
 * Reads settings from an environment. Throws a SettingsError that names every wrong one.
 * `made` are the secrets to use where none is set.
 */
export function readSettings(env: Env, made: () => Secrets = makeSecrets): Settings {
  const given = check(env)
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
    roles: [...new Set((given.ROLES ?? 'web,worker').split(/\s*,\s*/))] as ('web' | 'worker')[],
    rateLimits: given.RATE_LIMITS !== 'off',
    admin:
      given.ADMIN_USERNAME && given.ADMIN_PASSWORD
        ? { username: given.ADMIN_USERNAME, password: given.ADMIN_PASSWORD }
        : null,
    sessionSecret,
    encryptionKeys: encryption.split(',').map((key) => Buffer.from(key, 'hex')),
    line: readLine(all),
    omise: readOmise(all),
    smtp: all.SMTP_URL ? { url: all.SMTP_URL, from: all.SMTP_FROM ?? 'Parley <shop@localhost>' } : null,
    sandboxUrl,
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

function readOmise(all: Values): OmiseSettings | null {
  if (!all.OMISE_PUBLIC_KEY || !all.OMISE_SECRET_KEY) return null
  const apiUrl = all.OMISE_API_URL ?? 'https://api.omise.co'
  const vaultUrl = all.OMISE_VAULT_URL ?? 'https://vault.omise.co'
  return {
    publicKey: all.OMISE_PUBLIC_KEY,
    secretKey: all.OMISE_SECRET_KEY,
    webhookSecret: all.OMISE_WEBHOOK_SECRET ?? null,
    apiUrl,
    vaultUrl,
    // Omise serves its script from a host of its own; a simulator has only the one that we know.
    scriptUrl:
      vaultUrl === 'https://vault.omise.co' ? 'https://cdn.omise.co/omise.js' : `${vaultUrl}/omise.js`,
  }
}

function check(env: Env): Values {
  const values: Record<string, unknown> = {}
  const wrong: string[] = []
  for (const name of settingNames) {
    const given = env[name]?.trim()
    if (!given) continue
    const [schema, right] = checks[name]
    const result = schema.safeParse(given)
    if (result.success) values[name] = result.data
    else wrong.push(`${name} is ${secretNames.test(name) ? 'not right' : `"${given}"`}: it must be ${right}.`)
  }
  for (const names of together) {
    const missing = names.filter((name) => values[name] === undefined)
    const present = names.filter((name) => env[name]?.trim())
    if (present.length && missing.length && !missing.some((name) => env[name]?.trim())) {
      wrong.push(`${present.join(' and ')} is set but ${missing.join(' and ')} is not: set both, or neither.`)
    }
  }
  if (wrong.length) throw new SettingsError(wrong.join('\n'))
  return values as Values
}

/** On by itself while no outside key is set, `1` keeps it on, `0` forbids it: never on in part. */
function decideSandbox(given: Values): boolean {
  if (given.SANDBOX) return given.SANDBOX === '1'
  return !outsideKeys.some((name) => given[name] !== undefined)
}

/** Keys and addresses of the simulated platforms. They stay the same over restarts, as real ones do. */
function demoKeys(sandboxUrl: string, sessionSecret: string): Values {
  // The program asks by number, which needs no look-up; the vault is called by the browser, by name.
  const direct = sandboxUrl.replace('localhost', '127.0.0.1')
  const derive = (name: string, length: number) =>
    createHmac('sha256', sessionSecret).update(`sandbox:${name}`).digest('hex').slice(0, length)
  return {
    LINE_CHANNEL_SECRET: derive('line.secret', 32),
    LINE_CHANNEL_ACCESS_TOKEN: derive('line.token', 64),
    LINE_API_URL: direct,
    LINE_DATA_API_URL: direct,
    LIFF_ID: '1655000001-SandboxL',
    LINE_LOGIN_CHANNEL_ID: '1655000001',
    LINE_LOGIN_CHANNEL_SECRET: derive('line.login', 32),
    OMISE_PUBLIC_KEY: `pkey_test_${derive('omise.public', 19)}`,
    OMISE_SECRET_KEY: `skey_test_${derive('omise.secret', 19)}`,
    OMISE_WEBHOOK_SECRET: Buffer.from(derive('omise.webhook', 64), 'hex').toString('base64'),
    OMISE_API_URL: direct,
    OMISE_VAULT_URL: sandboxUrl,
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
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return keptSecrets(dataDir)
    throw new SettingsError(
      `DATA_DIR is ${dataDir}, and its secrets.json cannot be read or written (${error instanceof Error ? error.message : String(error)}): give a folder that this user can write to.`,
    )
  }
}

/** The settings of this process: `.env`, then what the shell has set, which wins. */
export function loadSettings(say: (line: string) => void): Settings {
  const file = join(root, '.env')
  const written: Env = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
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

/** What a simulated outside world must be told, as its process's environment. */
export function sandboxEnvironment(of: Settings): Record<string, string> {
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

/** Where Node keeps what it has compiled: half the time to start, and less memory. */
export const compileCache = join(root, 'node_modules', '.cache', 'compiled')

/** What the machine offers: where programs are looked for, and where what was fetched is kept. */
export const machine = {
  path: process.env['PATH'] ?? '',
  cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'parley'),
}
