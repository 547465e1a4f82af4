import assert from 'node:assert/strict'
import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import type { FromConsole, MessageView, ToConsole } from '../../server/conversation/contract.ts'
import { raiseTask } from '../../server/shop/index.ts'
import { type ChatShop, conversationWith, openShop } from '../support/chat.ts'
import { orderOf, tell } from '../support/orders-in-chat.ts'
import { customerOf, loginAs, type StaffMember } from '../support/people.ts'

type Window = Socket<ToConsole, FromConsole>

describe('a window of the console', () => {
  let shop: ChatShop
  const windows: Window[] = []
  before(async () => {
    shop = await openShop()
  })
  afterEach(() => {
    for (const window of windows.splice(0)) window.close()
  })
  after(() => shop.close())

  const knock = (cookies: Map<string, string>, headers: Record<string, string> = {}): Window => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const window: Window = io(shop.server.url, {
      path: '/socket',
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { cookie, ...headers },
    })
    windows.push(window)
    return window
  }
  const open = async (staff: StaffMember): Promise<Window> => {
    const window = knock(staff.cookies)
    await once(window as never, 'connect')
    return window
  }
  /** The next word of this kind that fits. */
  const hear = <T>(window: Window, name: keyof ToConsole, fits: (word: T) => boolean): Promise<T> =>
    new Promise((resolve) => {
      const listen = (word: T) => {
        if (!fits(word)) return
        window.off(name, listen as never)
        resolve(word)
      }
      window.on(name, listen as never)
    })

  it('hears at once what a customer writes, and how an answer fares', async () => {
    const user = await shop.meet()
    const window = await open(shop.staff)
    const written = hear<MessageView>(window, 'message', ({ text }) => text === 'live?')
    await shop.line.say(user.userId, 'live?')
    assert.equal((await written).direction, 'in')

    const { _id } = await conversationWith(user)
    const clientId = crypto.randomUUID()
    const sent = hear<MessageView>(
      window,
      'message',
      (one) => one.clientId === clientId && one.state === 'sent',
    )
    await shop.staff.post(`/api/conversations/${_id}/messages`, { kind: 'text', text: 'live!', clientId })
    assert.equal((await sent).author?.name, 'Anong Dee')
  })

  it('hears of orders and tasks', async () => {
    const user = await shop.meet()
    const window = await open(shop.staff)
    const order = await orderOf(user)
    const heard = hear<{ id: string; conversationId: string | null }>(
      window,
      'order',
      ({ id }) => id === String(order._id),
    )
    await tell('order.changed', { orderId: String(order._id), version: 2, state: 'DRAFT' })
    assert.equal((await heard).conversationId, String((await conversationWith(user))._id))
    const tasks = hear<{ open: number }>(window, 'task', ({ open: count }) => count > 0)
    await raiseTask({ kind: 'order.review', subject: 'x', summary: 'Look at this' })
    assert((await tasks).open >= 1)
  })

  it('shows who else looks at a conversation, types in it or edits its order', async () => {
    const user = await shop.meet()
    const conversationId = String((await conversationWith(user))._id)
    const colleague = await loginAs(shop.server.url, 'agent', 'Boon Mee')
    const [mine, theirs] = [await open(shop.staff), await open(colleague)]
    type Seen = Parameters<ToConsole['presence']>[0]
    const both = hear<Seen>(mine, 'presence', ({ staff }) => staff.length === 2)
    mine.emit('view', conversationId)
    theirs.emit('view', conversationId)
    assert.deepEqual((await both).staff.map(({ name }) => name).sort(), ['Anong Dee', 'Boon Mee'])
    const editing = hear<Seen>(mine, 'presence', ({ staff }) => staff.some((one) => one.editing))
    theirs.emit('editing', conversationId, true)
    assert.equal((await editing).staff.find((one) => one.editing)?.name, 'Boon Mee')
    const alone = hear<Seen>(mine, 'presence', ({ staff }) => staff.length === 1)
    theirs.close()
    assert.equal((await alone).staff[0]?.name, 'Anong Dee')
    mine.emit('view', { $ne: null } as never)
    mine.emit('typing', conversationId, 'yes' as never)
  })

  it('opens for staff alone, and on our own page alone', async () => {
    const nobody = knock(new Map())
    const [refusal] = await once(nobody as never, 'connect_error')
    assert.match((refusal as Error).message, /Log in/)
    const customer = await customerOf(shop.server.url, { customerId: 'a'.repeat(24), orderIds: [] })
    await once(knock(customer.cookies) as never, 'connect_error')
    await once(knock(shop.staff.cookies, { origin: 'https://evil.example' }) as never, 'connect_error')
  })
})
