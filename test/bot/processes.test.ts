import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import mongoose from 'mongoose'
import { io } from 'socket.io-client'
import { Conversations, Messages } from '../../models/conversation.ts'
import { createSandbox, type Sandbox } from '../../sandbox/app.ts'
import type { MessageView } from '../../server/conversation/contract.ts'
import { conversationWith, lineKeys, shopSays, threadWith, until } from '../support/chat.ts'
import { loginAs } from '../support/people.ts'
import { emptyDatabase } from '../support/server.ts'
import { databaseUri, scratchDir } from '../support/setup.ts'
import { type SpawnedServer, spawnServer } from '../support/spawn.ts'

/** The database that this process looks into. */
function sameDatabase(): string {
  const uri = new URL(databaseUri())
  uri.pathname = `/${mongoose.connection.name}`
  return uri.href
}

describe('the chat of a shop in several processes', function () {
  this.timeout(120_000)
  let sandbox: Sandbox
  const running = new Set<SpawnedServer>()
  before(async () => {
    await emptyDatabase()
    sandbox = await createSandbox({ parleyUrl: 'http://127.0.0.1:1' })
  })
  after(async () => {
    await Promise.all([...running].map((server) => server.end()))
    await sandbox.close()
    await emptyDatabase()
  })

  const start = async (): Promise<SpawnedServer> => {
    const server = await spawnServer({
      ...lineKeys(sandbox),
      MONGODB_URI: sameDatabase(),
      DATA_DIR: scratchDir(),
      SESSION_SECRET: 'only for tests, and long enough for that',
    })
    running.add(server)
    sandbox.line.webhook.endpoint.url = `${server.url}/webhooks/line`
    return server
  }
  const kill = async (server: SpawnedServer) => {
    running.delete(server)
    await server.end('SIGKILL')
  }

  it('sends once what one was sending when it was killed', async () => {
    const { line, faults } = sandbox
    const first = await start()
    const staff = await loginAs(first.url, 'agent')
    const user = line.createUser()
    await line.say(user.userId, 'hello')
    await line.waitFor(user.userId, shopSays('สวัสดี'))
    const { _id } = await conversationWith(user)
    await until(async () => !(await Messages.exists({ state: { $in: ['queued', 'sending'] } })))
    await Conversations.updateOne({ _id }, { $set: { reply: null } })

    faults.set('line', 'neverAnswer', true)
    const { body } = await staff.post<MessageView>(`/api/conversations/${_id}/messages`, {
      kind: 'text',
      text: 'in the middle of this',
      clientId: randomUUID(),
    })
    await line.waitFor(user.userId, shopSays('in the middle of this'))
    await kill(first)
    assert.equal((await Messages.findById(body.id).lean())?.state, 'sending')
    faults.reset()

    await start()
    await until(async () => Messages.exists({ _id: body.id, state: 'sent' } as never), 60_000)
    assert.equal(line.received(user.userId).filter(shopSays('in the middle of this')).length, 1)
  })

  it('loses nothing that LINE was told it had, and greets once', async () => {
    const { line } = sandbox
    const [first] = running
    assert(first)
    const user = line.createUser({ displayName: 'Just before' })
    await line.say(user.userId, 'just before the end')
    await kill(first)
    await start()
    await line.waitFor(user.userId, shopSays('สวัสดี'), 90_000)
    await until(
      async () => (await threadWith(user)).some(({ text }) => text === 'just before the end'),
      90_000,
    )
    assert.equal(line.received(user.userId).filter(shopSays('สวัสดี')).length, 1)
  })

  it('tells a console at one what came in at the other', async () => {
    const { line } = sandbox
    const [first] = running
    assert(first)
    const staff = await loginAs(first.url, 'agent')
    const cookie = [...staff.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const second = await start()
    const window = io(first.url, { path: '/socket', transports: ['websocket'], extraHeaders: { cookie } })
    await once(window as never, 'connect')
    const heard = new Promise((resolve) => {
      window.on('message', ({ text }: MessageView) => text === 'across' && resolve(text))
    })
    assert(line.webhook.endpoint.url.startsWith(second.url))
    const user = line.createUser()
    await line.say(user.userId, 'across')
    assert.equal(await heard, 'across')
    window.close()
  })
})
