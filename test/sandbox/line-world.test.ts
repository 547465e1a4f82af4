import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createSandbox } from '../../sandbox/app.ts'

describe('the sandbox', () => {
  it('remembers the chats over a restart', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-sandbox-'))
    try {
      const first = await createSandbox({ dataDir })
      const { userId } = first.line.createUser({ displayName: 'Somchai' })
      await first.line.say(userId, 'remember me')
      const photo = await first.line.sendMedia(userId, {
        contentType: 'image/png',
        bytes: Buffer.from('png'),
      })
      await first.close()

      const second = await createSandbox({ dataDir })
      assert.equal(second.line.chat(userId)[0]?.message['text'], 'remember me')
      assert.equal(await (await fetch(`${second.url}/__sim/line/media/${photo}`)).text(), 'png')
      await second.close()
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })

  it('starts empty beside a file that it cannot read, and keeps that', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'parley-sandbox-'))
    try {
      writeFileSync(join(dataDir, 'line.json'), '{"world": {"users"')
      const sandbox = await createSandbox({ dataDir })
      assert.equal(sandbox.line.createUser().displayName, 'Somchai')
      assert.equal(readFileSync(join(dataDir, 'line.json.unreadable'), 'utf8'), '{"world": {"users"')
      await sandbox.close()
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })

  it('serves this machine only', async () => {
    await assert.rejects(createSandbox({ host: '0.0.0.0' }), /only runs on this machine's own addresses/)
    await assert.rejects(
      createSandbox({ parleyUrl: 'https://shop.example.com' }),
      /does not serve a public shop/,
    )
    const sandbox = await createSandbox()
    const { port } = new URL(sandbox.url)
    const status = await new Promise((resolve) => {
      request({ port, host: '127.0.0.1', headers: { host: 'evil.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).end()
    })
    assert.equal(status, 403)
    await sandbox.close()
  })

  it('turns its knobs over HTTP, for good or for the next few times', async () => {
    const sandbox = await createSandbox()
    const put = async (change: object) => {
      const response = await fetch(`${sandbox.url}/__sim/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change),
      })
      return response.status
    }
    assert.equal(await put({ line: { rateLimited: { value: true, next: 2 }, latencyMs: 5 } }), 200)
    assert.equal(sandbox.faults.get('line', 'latencyMs'), 5)
    const taken = [1, 2, 3].map(() => sandbox.faults.take('line', 'rateLimited'))
    assert.deepEqual(taken, [true, true, false])
    assert.equal(await put({ line: { rateLimited: 'yes' } }), 400)
    assert.equal(await put({ line: { nonsense: true } }), 400)
    await fetch(`${sandbox.url}/__sim/faults`, { method: 'DELETE' })
    assert.equal(sandbox.faults.get('line', 'latencyMs'), 0)
    await sandbox.close()
  })

  describe('as a process of its own', () => {
    const start = (environment: Record<string, string>) =>
      spawn(process.execPath, [fileURLToPath(new URL('../../sandbox/start.ts', import.meta.url))], {
        env: { SANDBOX_PORT: '0', ...environment },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      })

    it('says when it is ready, and ends with its parent', async () => {
      const child = start({})
      const [ready] = (await once(child, 'message')) as [{ url: string; smtpUrl: string }]
      assert.equal((await fetch(ready.url)).status, 200)
      assert.match(ready.smtpUrl, /^smtp:/)
      child.disconnect()
      const [code] = await once(child, 'exit')
      assert.equal(code, 0)
    })

    it('says which port is taken', async () => {
      const first = await createSandbox()
      const child = start({ SANDBOX_PORT: new URL(first.url).port })
      const said = await text(child.stderr as Readable)
      assert.match(said, /^Port \d+ is in use by another program .* give SANDBOX_PORT another number/)
      await first.close()
    })
  })
})
