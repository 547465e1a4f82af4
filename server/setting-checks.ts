import { z } from 'zod'

export type Env = Record<string, string | undefined>

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
export type Values = { [Name in SettingName]?: z.output<(typeof checks)[Name][0]> }

/** Every name that `.env` may hold. */
export const settingNames = Object.keys(checks) as SettingName[]

/** Settings that mean nothing alone. */
const together: SettingName[][] = [
  ['LINE_CHANNEL_SECRET', 'LINE_CHANNEL_ACCESS_TOKEN'],
  ['MESSENGER_APP_SECRET', 'MESSENGER_PAGE_TOKEN', 'MESSENGER_PAGE_ID'],
  ['OMISE_PUBLIC_KEY', 'OMISE_SECRET_KEY'],
  ['IPAYMU_VA', 'IPAYMU_API_KEY'],
  ['HALKBANK_USERNAME', 'HALKBANK_PASSWORD'],
  ['FOREIGN_AFFAIRS_BANK_CLIENT_ID', 'FOREIGN_AFFAIRS_BANK_CLIENT_SECRET'],
  ['SBP_SHOP_ID', 'SBP_SECRET_KEY'],
  ['ADMIN_USERNAME', 'ADMIN_PASSWORD'],
  ['VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY'],
]

const secretNames = /SECRET|TOKEN|PASSWORD|KEY|_URI$|SMTP_URL|BROKER_URL/

/** The settings that an environment gives, in their types. Throws a SettingsError that names every wrong one. */
export function checkSettings(env: Env): Values {
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
      wrong.push(
        `${present.join(' and ')} is set but ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not: set ${names.length > 2 ? 'all' : 'both'}, or ${names.length > 2 ? 'none' : 'neither'}.`,
      )
    }
  }
  const { OMISE_PUBLIC_KEY: open, OMISE_SECRET_KEY: secret } = env
  if (open && secret && isTestKey(open) !== isTestKey(secret)) {
    wrong.push(
      'OMISE_PUBLIC_KEY and OMISE_SECRET_KEY do not belong together: one is of the test mode, and one is live. Set two of the same.',
    )
  }
  if (wrong.length) throw new SettingsError(wrong.join('\n'))
  return values as Values
}

const isTestKey = (key: string): boolean => /^.key_test_/.test(key.trim())

/** The numbers of the lines of an `.env` that the reader passes over: neither a setting nor a remark. */
export function unreadLines(words: string): number[] {
  const remarks = /^\s*#.*$/gm
  const quoted = /=\s*(["'`])[\s\S]*?\1/g
  const plain = words.replace(remarks, '').replace(quoted, (value) => `=${value.replace(/[^\n]/g, '')}=`)
  return plain.split('\n').flatMap((line, index) => (line.trim() && !line.includes('=') ? [index + 1] : []))
}
