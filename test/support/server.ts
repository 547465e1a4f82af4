import mongoose from 'mongoose'
import { forgetSessions } from '../../server/auth/index.ts'
import { readSettings, type Settings } from '../../server/settings.ts'
import { forgetShopSettings } from '../../server/shop/index.ts'
import { type Running, start } from '../../server/start.ts'
import { forgetStores } from '../../server/store/index.ts'
import { type Client, client } from './client.ts'
import { sharedDatabase } from './setup.ts'

export interface TestServer extends Running {
  /** Requests with a cookie jar of their own: one browser. */
  browser(): Client
}

/** One at a time: another that was left running would work through the next one's messages. */
let isOpen = false

/**
 * Starts the real program in this process, on a port of its own and an empty database. What an outside platform is
 * reached at comes with `env`, as it would in `.env`. Close it in `after`.
 */
export async function startServer(
  options: { env?: Record<string, string>; settings?: Partial<Settings>; demo?: boolean } = {},
): Promise<TestServer> {
  if (isOpen) throw new Error('The shop of an earlier test is still open: close it first')
  await emptyDatabase()
  const read = readSettings({
    SANDBOX: '1',
    PORT: '0',
    // Nobody's: a shop that runs on this machine beside the tests must not hear of them.
    SANDBOX_PORT: '9',
    RATE_LIMITS: 'off',
    SESSION_SECRET: 'only for tests, and long enough for that',
    ENCRYPTION_KEY: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
    ...options.env,
  })
  const running = await start(
    { ...read, ...options.settings },
    { database: sharedDatabase(), sandbox: false, demo: options.demo ?? false },
  )
  isOpen = true
  return {
    ...running,
    browser: () => client(running.url),
    async close() {
      await running.close()
      isOpen = false
    },
  }
}

/** Forgets everything that was stored; collections and indexes stay. */
export async function emptyDatabase(): Promise<void> {
  const collections = Object.values(mongoose.models).map((model) => model.collection)
  await Promise.all(collections.map((collection) => collection.deleteMany({})))
  forgetShopSettings()
  forgetStores()
  forgetSessions()
}
