import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findMongod } from '../../server/database/mongod.ts'
import { root } from '../../server/settings.ts'
import { client, expectStatus } from '../support/client.ts'
import { freePort } from '../support/listen.ts'
import { scratchDir } from '../support/setup.ts'
import { runServer, type SpawnedServer, spawnServer } from '../support/spawn.ts'

const newFolder = () => mkdtempSync(join(scratchDir(), 'data-'))
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
const mongodOf = (folder: string) => Number(readFileSync(join(folder, 'mongo', 'mongod.lock'), 'utf8'))

describe('starting', () => {
  it('with no settings at all prints where everything is, and how to get in', async () => {
    const sandboxPort = await freePort()
    const shop = await spawnServer({ DATA_DIR: newFolder(), SANDBOX_PORT: String(sandboxPort) })
    try {
      const printed = shop.printed()
      assert.match(printed, new RegExp(`Console +http://localhost:${shop.port}/console`))
      assert.match(printed, new RegExp(`Phone +http://localhost:${sandboxPort}/phone`))
      assert.match(printed, new RegExp(`Mailbox +http://localhost:${sandboxPort}/mailbox`))
      assert.match(printed, new RegExp(`API +http://localhost:${shop.port}/api/docs`))
      const [, username, password] = /log in as (\S+) with (\S+)/.exec(printed) ?? []
      const browser = client(shop.url)
      await expectStatus(200, browser.post('/api/auth/login', { username, password }))
      for (const page of ['/phone', '/mailbox']) {
        assert.equal((await fetch(`http://localhost:${sandboxPort}${page}`)).status, 200)
      }
      const health = await expectStatus(200, browser.get<{ ok: boolean; sandbox: boolean }>('/health'))
      assert.deepEqual([health.ok, health.sandbox], [true, true])
      assert.match((await browser.get('/metrics')).text, /parley_http_request_seconds_count/)
      assert.match((await browser.get('/api/docs')).text, /POST \/api\/auth\/login/)
    } finally {
      await shop.end()
    }
  })

  it('leaves no process when it is asked to stop', async () => {
    const folder = newFolder()
    const shop = await spawnServer({ DATA_DIR: folder, SANDBOX_PORT: String(await freePort()) })
    const mongod = mongodOf(folder)
    assert.ok(isAlive(mongod))
    const began = performance.now()
    assert.equal(await shop.end('SIGINT'), 0)
    assert.equal(isAlive(mongod), false)
    assert.ok(performance.now() - began < 10_000)
  })

  it('again after kill -9 finds everything, and the killed one has left no process', async () => {
    const env = {
      DATA_DIR: newFolder(),
      SANDBOX_PORT: String(await freePort()),
      PORT: String(await freePort()),
    }
    const first = await spawnServer(env)
    const mongod = mongodOf(env.DATA_DIR)
    const cookies = await loggedIn(first)
    await first.end('SIGKILL')
    const second = await spawnServer(env)
    try {
      assert.equal(isAlive(mongod), false)
      const browser = client(second.url)
      for (const [name, value] of cookies) browser.cookies.set(name, value)
      await expectStatus(200, browser.get('/api/staff/me'))
    } finally {
      await second.end()
    }
  })

  it('can be followed by a new password for whoever forgot theirs', async () => {
    const env = { DATA_DIR: newFolder(), SANDBOX_PORT: String(await freePort()) }
    const shop = await spawnServer(env)
    try {
      const run = promisify(execFile)
      const { stdout } = await run(process.execPath, [join(root, 'scripts', 'admin.ts'), 'Admin'], {
        env: { PATH: '', HOME: '', PORT: String(shop.port), ...env },
      })
      const [, token] = /\/console\/reset#([\w-]{43})/.exec(stdout) ?? []
      const password = 'a password to remember'
      await expectStatus(200, client(shop.url).post('/api/staff/reset', { token, password }))
      await expectStatus(200, client(shop.url).post('/api/auth/login', { username: 'admin', password }))
    } finally {
      await shop.end()
    }
  })

  it('gives two processes of one shop the same data', async () => {
    const sandboxPort = String(await freePort())
    const env = { DATA_DIR: newFolder(), SANDBOX_PORT: sandboxPort }
    const first = await spawnServer(env)
    try {
      const port = readFileSync(join(env.DATA_DIR, 'mongo', 'port'), 'utf8')
      const second = await spawnServer({
        ...env,
        SANDBOX: '0',
        ROLES: 'web',
        MONGODB_URI: `mongodb://127.0.0.1:${port}/parley?replicaSet=rs0`,
      })
      try {
        // The second one is no sandbox: the demo login is closed for good.
        const browser = client(second.url)
        await expectStatus(
          401,
          browser.post('/api/auth/login', { username: 'admin', password: 'parley-demo' }),
        )
      } finally {
        await second.end()
      }
    } finally {
      await first.end()
    }
  })

  async function loggedIn(shop: SpawnedServer) {
    const browser = client(shop.url)
    const login = { username: 'admin', password: 'parley-demo' }
    await expectStatus(200, browser.post('/api/auth/login', login))
    return browser.cookies
  }
})

describe('a start that cannot succeed ends with one sentence', () => {
  async function refusal(env: Record<string, string>): Promise<string> {
    const { code, printed } = await runServer({ DATA_DIR: newFolder(), PORT: '0', ...env })
    assert.equal(code, 1, printed)
    const lines = printed.trim().split('\n')
    assert.equal(lines.length, 1, printed)
    return lines[0] ?? ''
  }

  async function occupied(work: (port: number) => Promise<void>): Promise<void> {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    try {
      await work((other.address() as { port: number }).port)
    } finally {
      other.close()
    }
  }

  it('when the port is in use', () =>
    occupied(async (port) => {
      assert.match(
        await refusal({ PORT: String(port) }),
        new RegExp(`^Port ${port} is in use .*PORT=${port + 10} npm start`),
      )
    }))

  it('when the port of phone and mailbox is in use', () =>
    occupied(async (port) => {
      assert.match(
        await refusal({ SANDBOX_PORT: String(port) }),
        new RegExp(`^Port ${port}, where the phone .*SANDBOX_PORT=`),
      )
    }))

  it('when a setting is wrong', async () => {
    assert.match(await refusal({ ROLES: 'cook' }), /^ROLES is "cook": it must be web, worker/)
  })

  it('when MongoDB cannot be reached, without telling its password', async () => {
    const uri = `mongodb://shop:hunter2@127.0.0.1:${await freePort()}/?serverSelectionTimeoutMS=300`
    const told = await refusal({ MONGODB_URI: uri })
    assert.match(told, /^MONGODB_URI leads to mongodb:\/\/…@127\.0\.0\.1:\d+\S*, which cannot be reached/)
    assert.ok(!told.includes('hunter2'))
  })

  it('when MongoDB is no replica set', async () => {
    const port = await freePort()
    const args = ['--dbpath', newFolder(), '--port', String(port), '--bind_ip', '127.0.0.1']
    const alone = spawn(await findMongod(() => undefined), args, { stdio: 'ignore' })
    try {
      const told = await refusal({ MONGODB_URI: `mongodb://127.0.0.1:${port}/?directConnection=true` })
      assert.match(told, /^MONGODB_URI leads to a MongoDB that is no replica set.*--replSet rs0/)
    } finally {
      alone.kill()
      await once(alone, 'exit')
    }
  })

  it('when there is no network to fetch a MongoDB from', async () => {
    const { code, printed } = await runServer({
      DATA_DIR: newFolder(),
      PORT: '0',
      SANDBOX: '0',
      PATH: '/nonexistent',
      XDG_CACHE_HOME: newFolder(),
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NODE_USE_ENV_PROXY: '1',
    })
    assert.equal(code, 1)
    assert.match(printed, /No MongoDB could be found or fetched:/)
    assert.match(printed, /start again, install MongoDB 6 or later, or set MONGODB_URI to a replica set\./)
  })

  it('when the data folder cannot be written to', async () => {
    assert.match(
      await refusal({ DATA_DIR: '/dev/null/data' }),
      /^DATA_DIR is \/dev\/null\/data, and its secrets/,
    )
    assert.match(await refusal({ DATA_DIR: '/dev/null' }), /^DATA_DIR is \/dev\/null, and its secrets/)
  })
})
