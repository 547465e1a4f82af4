import type { Server as HttpServer, IncomingHttpHeaders } from 'node:http'
import mongoose from 'mongoose'
import { type DefaultEventsMap, Server, type Socket } from 'socket.io'
import { Conversations } from '../models/conversation.ts'
import { Orders } from '../models/order.ts'
import { StaffTasks } from '../models/shop.ts'
import { findStaff } from '../server/auth/index.ts'
import { consume } from '../server/broker/index.ts'
import type { FromConsole, ToConsole } from '../server/conversation/contract.ts'
import { viewMessageById } from '../server/conversation/index.ts'
import { now } from '../server/database/index.ts'
import type { StaffCaller } from '../server/http/index.ts'
import type { Settings } from '../server/settings.ts'
import { inBackground } from './background.ts'
import { tellingLatest } from './latest.ts'
import { createPresence, type Presence } from './presence.ts'

interface OfSocket {
  staff: StaffCaller
}
type Console = Server<FromConsole, ToConsole, DefaultEventsMap, OfSocket>
type ConsoleSocket = Socket<FromConsole, ToConsole, DefaultEventsMap, OfSocket>

const tasksEveryMs = 2000
const sessionEveryMs = 60_000
const justNowMs = 5000

/** The live side of the console: one socket for each window of a staff member. */
export async function startConsole(http: HttpServer, settings: Settings): Promise<() => Promise<void>> {
  const io: Console = new Server(http, {
    path: '/socket',
    serveClient: false,
    // The page of the console itself, and nobody else's: the cookie alone would let any site listen.
    allowRequest: (request, answer) => answer(null, isOurPage(request.headers, settings)),
    maxHttpBufferSize: 10_000,
  })
  if (settings.mongodbUri) await joinOtherProcesses(io)
  const presence = createPresence((conversationId, staff) => io.emit('presence', { conversationId, staff }))

  io.use((socket, next) => {
    findStaff(socket.handshake.headers).then(
      (staff) => {
        if (!staff) return next(new Error('Log in to use the console.'))
        socket.data.staff = staff
        next()
      },
      () => next(new Error('Try again in a moment.')),
    )
  })
  io.on('connection', (socket) => welcomeWindow(socket, presence))
  tellConsoles(io)
  const tasks = watchTasks(io)

  return async () => {
    clearInterval(tasks)
    io.disconnectSockets(true)
    io.engine.close()
    // Not io.close(): that would close the HTTP server too, which is not ours.
    await io.of('/').adapter.close()
  }
}

function isOurPage(headers: IncomingHttpHeaders, { publicUrl }: Settings): boolean {
  const { origin, host } = headers
  if (headers['sec-fetch-site'] === 'cross-site') return false
  if (origin === undefined) return true
  return origin === new URL(publicUrl).origin || origin.replace(/^https?:\/\//, '') === host
}

/** With several processes on one database, what one of them has to say reaches the windows of all. */
async function joinOtherProcesses(io: Console): Promise<void> {
  const { createAdapter } = await import('@socket.io/mongo-adapter')
  // Words for screens, not books: a crash may lose the last of them, so nothing waits for the disk.
  const collection = mongoose.connection
    .getClient()
    .db(mongoose.connection.name)
    .collection('console_events', { writeConcern: { w: 1, journal: false } })
  await collection.createIndex({ createdAt: 1 }, { expireAfterSeconds: 3600 })
  io.adapter(createAdapter(collection as never, { addCreatedAtField: true }))
}

function welcomeWindow(socket: ConsoleSocket, presence: Presence): void {
  const { staffId: id, name } = socket.data.staff
  const window = presence.open(socket.id, { id, name })
  socket.on('view', (conversationId) => window.view(isId(conversationId) ? conversationId : null))
  socket.on('typing', (conversationId, typing) => {
    if (isId(conversationId)) window.change(conversationId, { typing: typing === true })
  })
  socket.on('editing', (conversationId, editing) => {
    if (isId(conversationId)) window.change(conversationId, { editing: editing === true })
  })
  // Whoever logs out, or is let go, hears nothing more.
  const check = setInterval(() => {
    inBackground('Checking a session', async () => {
      if (!(await findStaff(socket.handshake.headers))) socket.disconnect(true)
    })
  }, sessionEveryMs)
  socket.on('disconnect', () => {
    clearInterval(check)
    window.close()
  })
  inBackground('Counting tasks', async () => socket.emit('task', { open: await openTasks() }))
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{24}$/.test(value)

/** Passes on what happens. Screens take a message by its id: one that comes twice is the same one. */
function tellConsoles(io: Console): void {
  const nobodyHere = () => io.engine.clientsCount === 0 && !(io.of('/').adapter as { uid?: string }).uid
  const tellMessage = tellingLatest(async (id) => {
    const message = await viewMessageById(id)
    if (message) io.emit('message', message)
  })
  consume('console', 'message.changed', async ({ messageId }) => {
    if (!nobodyHere()) await tellMessage(messageId)
  })
  consume('console', 'conversation.changed', async ({ conversationId }) => {
    if (nobodyHere()) return
    const found = await Conversations.findById(conversationId, { lastMessageAt: 1 }).lean()
    if (found)
      io.emit('conversation', { id: conversationId, lastMessageAt: found.lastMessageAt.toISOString() })
  })
  consume('console', 'order.changed', async ({ orderId, version, state }) => {
    if (nobodyHere()) return
    const order = await Orders.findById(orderId, { conversation: 1, page: 1 }).lean()
    const conversationId = order?.conversation ? String(order.conversation) : null
    io.emit('order', { id: orderId, conversationId, version, state })
    // Opening the page changes no version, and staff wait for just that.
    const openedAt = order?.page?.openedAt
    if (openedAt && now().getTime() - openedAt.getTime() < justNowMs) {
      const page = { orderId, conversationId, what: 'opened', at: openedAt.toISOString() }
      io.emit('customer.page', page)
    }
  })
}

const openTasks = () => StaffTasks.countDocuments({ state: 'open' })

/** Tasks are raised in many places, and inside transactions: the count is looked up, and told when it changes. */
function watchTasks(io: Console): NodeJS.Timeout {
  let last = -1
  return setInterval(() => {
    if (!io.engine.clientsCount) return
    inBackground('Counting tasks', async () => {
      const open = await openTasks()
      if (open !== last) io.local.emit('task', { open })
      last = open
    })
  }, tasksEveryMs)
}
