// The one reader of the environment on this side: the sandbox is a process of its own, and gets what Parley tells it.
import type { SandboxOptions } from './app.ts'

const DEMO_SMTP_PORT_BEHIND = 24

/** The options of a sandbox that is started as a process. */
export function readSettings(env: Record<string, string | undefined> = process.env): SandboxOptions {
  const port = number(env, 'SANDBOX_PORT', 3001)
  const dataDir = env['DATA_DIR']
  return {
    port,
    parleyUrl: env['PUBLIC_URL'] ?? `http://localhost:${env['PORT'] ?? 3000}`,
    smtpPort: number(env, 'SANDBOX_SMTP_PORT', port === 0 ? 0 : port + DEMO_SMTP_PORT_BEHIND),
    ...(dataDir ? { dataDir: `${dataDir}/sandbox` } : {}),
    line: present({
      channelId: env['LINE_CHANNEL_ID'],
      channelSecret: env['LINE_CHANNEL_SECRET'],
      accessToken: env['LINE_CHANNEL_ACCESS_TOKEN'],
      loginChannelId: env['LINE_LOGIN_CHANNEL_ID'],
      loginChannelSecret: env['LINE_LOGIN_CHANNEL_SECRET'],
      liffId: env['LIFF_ID'],
      liffEndpoint: env['LIFF_ENDPOINT_URL'],
      displayName: env['SHOP_NAME'],
    }),
    messenger: present({
      appId: env['MESSENGER_APP_ID'],
      appSecret: env['MESSENGER_APP_SECRET'],
      pageId: env['MESSENGER_PAGE_ID'],
      pageToken: env['MESSENGER_PAGE_TOKEN'],
      verifyToken: env['MESSENGER_VERIFY_TOKEN'],
      name: env['SHOP_NAME'],
    }),
    ipaymu: present({ va: env['IPAYMU_VA'], apiKey: env['IPAYMU_API_KEY'] }),
    omise: present({
      publicKey: env['OMISE_PUBLIC_KEY'],
      secretKey: env['OMISE_SECRET_KEY'],
      webhookSecret: env['OMISE_WEBHOOK_SECRET'],
    }),
    halkbank: present({ userName: env['HALKBANK_USERNAME'], password: env['HALKBANK_PASSWORD'] }),
    foreignAffairsBank: present({
      clientId: env['FOREIGN_AFFAIRS_BANK_CLIENT_ID'],
      clientSecret: env['FOREIGN_AFFAIRS_BANK_CLIENT_SECRET'],
    }),
    komoju: present({ secretKey: env['KOMOJU_SECRET_KEY'], webhookSecret: env['KOMOJU_WEBHOOK_SECRET'] }),
    sbp: present({ shopId: env['SBP_SHOP_ID'], secretKey: env['SBP_SECRET_KEY'] }),
  }
}

function number(env: Record<string, string | undefined>, name: string, otherwise: number): number {
  const given = env[name]
  if (given === undefined || given === '') return otherwise
  const value = Number(given)
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value
  throw new Error(`${name} is "${given}": it must be a port number from 0 to 65535`)
}

/** Only what is set, so that the defaults stand for the rest. */
function present<Values extends Record<string, string | undefined>>(values: Values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as {
    [Name in keyof Values]?: string
  }
}
