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
    OMISE_PUBLIC_KEY: `pkey_test_${derive('omise.public', 19)}`,
    OMISE_SECRET_KEY: `skey_test_${derive('omise.secret', 19)}`,
    OMISE_WEBHOOK_SECRET: Buffer.from(derive('omise.webhook', 64), 'hex').toString('base64'),
    OMISE_API_URL: direct,
    OMISE_VAULT_URL: sandboxUrl,
    SMTP_URL: `smtp://127.0.0.1:${mailboxPort(Number(port || 80))}`,
    SMTP_FROM: 'Parley <shop@parley.example>',
  }
}

/** The port of the simulated mail server: beside the sandbox's own, so that every process of a shop knows it. */
export const mailboxPort = (sandboxPort: number): number => sandboxPort + (sandboxPort > 60_000 ? -24 : 24)
