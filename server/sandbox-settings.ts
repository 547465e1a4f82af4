// What the settings are while the outside world is simulated.
import { createHmac } from 'node:crypto'
import type { SettingName, Values } from './setting-checks.ts'

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

/** On by itself while no outside key is set, `1` keeps it on, `0` forbids it: never on in part. */
export function decideSandbox(given: Values): boolean {
  if (given.SANDBOX) return given.SANDBOX === '1'
  return !outsideKeys.some((name) => given[name] !== undefined)
}

/** Keys and addresses of the simulated platforms. They stay the same over restarts, as real ones do. */
export function demoKeys(sandboxUrl: string, sessionSecret: string): Values {
  // The program asks by number, which needs no look-up; the vault is called by the browser, by name.
  const { port } = new URL(sandboxUrl)
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
    MESSENGER_APP_ID: `1${digits(derive('messenger.app', 14))}`,
    MESSENGER_APP_SECRET: derive('messenger.secret', 32),
    MESSENGER_PAGE_ID: `1${digits(derive('messenger.page', 14))}`,
    MESSENGER_PAGE_TOKEN: `EAA${derive('messenger.token', 60)}`,
    MESSENGER_VERIFY_TOKEN: derive('messenger.verify', 24),
    MESSENGER_API_URL: `${direct}/messenger`,
    OMISE_PUBLIC_KEY: `pkey_test_${derive('omise.public', 19)}`,
    OMISE_SECRET_KEY: `skey_test_${derive('omise.secret', 19)}`,
    OMISE_WEBHOOK_SECRET: Buffer.from(derive('omise.webhook', 64), 'hex').toString('base64'),
    OMISE_API_URL: direct,
    OMISE_VAULT_URL: sandboxUrl,
    IPAYMU_VA: `1179${digits(derive('ipaymu.va', 12))}`,
    IPAYMU_API_KEY: `SANDBOX${derive('ipaymu.key', 32).toUpperCase()}`,
    IPAYMU_ENVIRONMENT: 'sandbox',
    IPAYMU_API_URL: `${direct}/ipaymu`,
    KOMOJU_SECRET_KEY: `sk_test_${derive('komoju.secret', 25)}`,
    KOMOJU_WEBHOOK_SECRET: derive('komoju.webhook', 40),
    KOMOJU_API_URL: `${direct}/komoju`,
    HALKBANK_USERNAME: 'parley-api',
    HALKBANK_PASSWORD: derive('halkbank', 24),
    HALKBANK_API_URL: `${direct}/halkbank`,
    FOREIGN_AFFAIRS_BANK_CLIENT_ID: '347.000000000000001.00000001',
    FOREIGN_AFFAIRS_BANK_CLIENT_SECRET: derive('foreign-affairs-bank', 32),
    FOREIGN_AFFAIRS_BANK_API_URL: `${direct}/foreign-affairs-bank`,
    FOREIGN_AFFAIRS_BANK_TOKEN_URL: `${direct}/foreign-affairs-bank/identityserver/connect/token`,
    SBP_SHOP_ID: digits(derive('sbp.shop', 6)),
    SBP_SECRET_KEY: `test_${derive('sbp.secret', 40)}`,
    SBP_API_URL: `${direct}/sbp`,
    SMTP_URL: `smtp://127.0.0.1:${mailboxPort(Number(port || 80))}`,
    SMTP_FROM: 'shop@parley.example',
  }
}

/** Hexadecimal digits as decimal ones: some platforms number their customers. */
const digits = (hex: string): string => hex.replace(/[a-f]/g, (digit) => String(digit.charCodeAt(0) % 10))

/** The port of the simulated mail server: beside the sandbox's own, so that every process of a shop knows it. */
export const mailboxPort = (sandboxPort: number): number => sandboxPort + (sandboxPort > 60_000 ? -24 : 24)
