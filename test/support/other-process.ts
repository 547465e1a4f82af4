import { setTimeout as wait } from 'node:timers/promises'
import mongoose from 'mongoose'
import { Inbox, Outbox } from '../../models/broker.ts'
import { Messages } from '../../models/conversation.ts'
import { createSandbox } from '../../sandbox/app.ts'
import { readSettings } from '../../server/settings.ts'
import { client } from './client.ts'
import { freePort } from './listen.ts'
import { emptyDatabase } from './server.ts'
import { databaseUri, scratchDir } from './setup.ts'
import { sandboxEnv, sandboxKeys } from './shop.ts'
import { spawnServer } from './spawn.ts'
import { type Story, storyOf } from './story.ts'

/** A shop whose server is a process of its own; the simulated outside lives in this one. */
export interface OtherProcess extends Story {
  env: Record<string, string>
  /** Ends the server as a power cut does. */
  kill(): Promise<void>
  /** Asks it to stop, and waits until it has. */
  stop(): Promise<void>
  /** Starts it again, at the same address. */
  restart(): Promise<void>
  /** Everything that it has printed, before every restart too. */
  printed(): string
}

/** Starts the server as it is started for real, on an empty database. Close it in `after`. */
export async function startElsewhere(more: Record<string, string> = {}): Promise<OtherProcess> {
  await emptyDatabase()
  const port = await freePort()
  const sandbox = await createSandbox({
    parleyUrl: `http://localhost:${port}`,
    komoju: sandboxKeys.komoju,
    omise: { ...sandboxKeys.omise, retryDelays: [500, 1000, 2000, 4000, 8000, 16_000] },
  })
  const env = {
    ...sandboxEnv(sandbox),
    // The outside world is here: the server must not start one of its own.
    SANDBOX: '0',
    PORT: String(port),
    MONGODB_URI: address(),
    DATA_DIR: scratchDir(),
    SESSION_SECRET: 'only for tests, and long enough for that',
    ENCRYPTION_KEY: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
    RATE_LIMITS: 'off',
    ...more,
  }
  let server = await spawnServer(env)
  let before = ''
  const story = await storyOf({
    settings: readSettings(env),
    url: server.url,
    sandbox,
    browser: () => client(server.url),
    idle,
    async close() {
      await server.end('SIGKILL')
      await sandbox.close()
    },
  })
  return Object.assign(story, {
    env,
    async kill() {
      await server.end('SIGKILL')
    },
    async stop() {
      await server.end()
    },
    printed: () => before + server.printed(),
    async restart() {
      before += server.printed()
      server = await spawnServer(env)
    },
  })
}

/** The run's database, by its own name: this process uses it too. */
function address(): string {
  const uri = new URL(databaseUri())
  uri.pathname = mongoose.connection.name
  return uri.href
}

/** Everything that was stored to be done is done, whoever did it. */
async function idle(): Promise<void> {
  const waiting = async () =>
    (await Outbox.exists({ state: 'NEW' })) ??
    (await Inbox.exists({ state: 'NEW' })) ??
    (await Messages.exists({ state: { $in: ['queued', 'sending'] } }))
  for (let quiet = 0; quiet < 2; quiet += 1) {
    if (await waiting()) quiet = -1
    await wait(100)
  }
}
