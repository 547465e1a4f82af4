import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/app.ts'
import { brokerIdle } from '../../server/broker/index.ts'
import { mailIdle } from '../../server/notification/index.ts'
import { messengerKeys } from './chat.ts'
import { freePort } from './listen.ts'
import { startServer, type TestServer } from './server.ts'

export interface TestShop extends TestServer {
  sandbox: Sandbox
  /** Resolves when every message, event and mail that is due has been handled. */
  idle(): Promise<void>
}

/**
 * The whole program and the simulated outside world around it, both in this process, with the sample goods. Close it
 * in `after`.
 */
export async function startShop(
  options: { env?: Record<string, string>; sandbox?: SandboxOptions; demo?: boolean } = {},
): Promise<TestShop> {
  const port = await freePort()
  const sandbox = await createSandbox({
    parleyUrl: `http://localhost:${port}`,
    omise,
    komoju,
    ...options.sandbox,
  })
  const server = await startServer({
    env: { PORT: String(port), ...sandboxEnv(sandbox), ...options.env },
    demo: options.demo ?? true,
  })
  return {
    ...server,
    sandbox,
    async idle() {
      await brokerIdle()
      await mailIdle()
    },
    async close() {
      await server.close()
      await sandbox.close()
    },
  }
}

const omise = {
  publicKey: 'pkey_test_shop',
  secretKey: 'skey_test_shop',
  webhookSecret: Buffer.from('the webhook secret of a test').toString('base64'),
}

const komoju = { secretKey: 'sk_test_shop', webhookSecret: 'the webhook secret of a test shop' }

/** What the simulated platforms are told when they are started, beside a shop of `sandboxEnv`. */
export const sandboxKeys = { omise, komoju }

/** What `.env` would hold for a shop whose outside world is this sandbox. */
export function sandboxEnv(sandbox: Sandbox): Record<string, string> {
  const { channel } = sandbox
  return {
    SANDBOX: '1',
    SANDBOX_PORT: new URL(sandbox.url).port,
    LINE_CHANNEL_SECRET: channel.channelSecret,
    LINE_CHANNEL_ACCESS_TOKEN: channel.accessToken,
    LINE_API_URL: sandbox.url,
    LINE_DATA_API_URL: sandbox.url,
    LIFF_ID: channel.liffId,
    LINE_LOGIN_CHANNEL_ID: channel.loginChannelId,
    LINE_LOGIN_CHANNEL_SECRET: channel.loginChannelSecret,
    ...messengerKeys(sandbox),
    OMISE_PUBLIC_KEY: omise.publicKey,
    OMISE_SECRET_KEY: omise.secretKey,
    OMISE_WEBHOOK_SECRET: omise.webhookSecret,
    OMISE_API_URL: sandbox.url,
    OMISE_VAULT_URL: sandbox.url,
    HALKBANK_USERNAME: 'parley-api',
    HALKBANK_PASSWORD: 'sandbox-password',
    HALKBANK_API_URL: `${sandbox.url}/halkbank`,
    FOREIGN_AFFAIRS_BANK_CLIENT_ID: '347.000000000000001.00000001',
    FOREIGN_AFFAIRS_BANK_CLIENT_SECRET: 'sandbox-client-secret',
    FOREIGN_AFFAIRS_BANK_API_URL: `${sandbox.url}/foreign-affairs-bank`,
    FOREIGN_AFFAIRS_BANK_TOKEN_URL: `${sandbox.url}/foreign-affairs-bank/identityserver/connect/token`,
    SBP_SHOP_ID: '100500',
    SBP_SECRET_KEY: 'test_sandbox',
    SBP_API_URL: `${sandbox.url}/sbp`,
    KOMOJU_SECRET_KEY: komoju.secretKey,
    KOMOJU_WEBHOOK_SECRET: komoju.webhookSecret,
    KOMOJU_API_URL: `${sandbox.url}/komoju`,
    IPAYMU_VA: '1179000899',
    IPAYMU_API_KEY: 'SANDBOX0123456789ABCDEF',
    IPAYMU_API_URL: `${sandbox.url}/ipaymu`,
    SMTP_URL: sandbox.smtpUrl,
  }
}
