import assert from 'node:assert/strict'
import { Types } from 'mongoose'
import { Sessions } from '../../models/user.ts'
import {
  findCustomer,
  forgetSessions,
  openCustomerSession,
  sessionsOfOrder,
} from '../../server/auth/index.ts'
import { settings, useSettings } from '../../server/settings.ts'
import { emptyDatabase } from '../support/server.ts'

type Exchange = Parameters<typeof openCustomerSession>[0]

/** A browser's side of an exchange: what it sends as cookies, and what it is given. */
function browser() {
  const jar = { cookie: '' }
  const given: string[] = []
  const exchange = () =>
    ({
      request: { headers: { cookie: jar.cookie } },
      response: {
        appendHeader(_name: string, line: string) {
          given.push(line)
          jar.cookie = line.split(';')[0] ?? ''
        },
      },
    }) as unknown as Exchange
  return { jar, given, exchange }
}

const id = () => String(new Types.ObjectId())

describe('a customer who opens a link', () => {
  beforeEach(emptyDatabase)

  it('sees that order in that browser, and nobody else does', async () => {
    const [customerId, orderId] = [id(), id()]
    const { exchange, given, jar } = browser()
    await openCustomerSession(exchange(), { customerId, orderIds: [orderId], proven: false })
    const caller = await findCustomer(jar)
    assert.deepEqual([caller?.customerId, caller?.orderIds, caller?.proven], [customerId, [orderId], false])
    assert.match(given[0] ?? '', /^customerSession=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    assert.equal(await findCustomer({ cookie: `customerSession=${'x'.repeat(43)}` }), null)
    assert.equal(await findCustomer({}), null)
  })

  it('keeps it inside of the frames that LINE and Messenger show the page in, over https', async () => {
    const before = settings()
    const { exchange, given } = browser()
    useSettings({ ...before, https: true })
    try {
      await openCustomerSession(exchange(), { customerId: id(), orderIds: [id()], proven: false })
    } finally {
      useSettings(before)
    }
    for (const part of ['Secure', 'SameSite=None', 'Partitioned']) assert(given[0]?.includes(part), given[0])
  })

  it('keeps the session for the next order', async () => {
    const [customerId, first, second] = [id(), id(), id()]
    const { exchange, jar } = browser()
    await openCustomerSession(exchange(), { customerId, orderIds: [first], proven: false })
    const before = jar.cookie
    await openCustomerSession(exchange(), { customerId, orderIds: [second], proven: false })
    assert.equal(jar.cookie, before)
    assert.deepEqual((await findCustomer(jar))?.orderIds, [first, second])
  })

  it('gets a new session once it is proven who they are; the old one sees nothing more', async () => {
    const [customerId, orderId] = [id(), id()]
    const { exchange, jar } = browser()
    await openCustomerSession(exchange(), { customerId, orderIds: [orderId], proven: false })
    const before = jar.cookie
    const caller = await openCustomerSession(exchange(), { customerId, orderIds: [], proven: true })
    assert.notEqual(jar.cookie, before)
    assert.deepEqual([caller.proven, caller.orderIds], [true, [orderId]])
    assert.equal(await findCustomer({ cookie: before }), null)
  })

  it('sees at once what another process lets them see', async () => {
    const { exchange, jar } = browser()
    const [first, second] = [id(), id()]
    await openCustomerSession(exchange(), { customerId: id(), orderIds: [first], proven: false })
    assert.deepEqual((await findCustomer(jar, { orderId: first }))?.orderIds, [first])
    await Sessions.updateMany({}, { $push: { orders: new Types.ObjectId(second) } })
    assert.deepEqual((await findCustomer(jar, { orderId: second }))?.orderIds, [first, second])
  })

  it('of somebody else in the same browser does not see the first one’s orders', async () => {
    const [one, other, first, second] = [id(), id(), id(), id()]
    const { exchange, jar } = browser()
    await openCustomerSession(exchange(), { customerId: one, orderIds: [first], proven: true })
    await openCustomerSession(exchange(), { customerId: other, orderIds: [second], proven: false })
    const caller = await findCustomer(jar)
    assert.deepEqual([caller?.customerId, caller?.orderIds, caller?.proven], [other, [second], false])
  })

  it('may do so in several browsers, and staff can see in how many', async () => {
    const [customerId, orderId] = [id(), id()]
    for (const each of [browser(), browser()]) {
      await openCustomerSession(each.exchange(), { customerId, orderIds: [orderId], proven: false })
    }
    assert.equal((await sessionsOfOrder(orderId)).length, 2)
    assert.equal((await sessionsOfOrder(id())).length, 0)
  })

  it('is forgotten after half an hour of nothing', async () => {
    const { exchange, jar } = browser()
    await openCustomerSession(exchange(), { customerId: id(), orderIds: [id()], proven: false })
    const [session] = await Sessions.find().lean()
    const idle = Number(session?.expiresAt) - Number(session?.lastSeenAt)
    assert.equal(idle, 30 * 60_000)
    await Sessions.updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } })
    forgetSessions()
    assert.equal(await findCustomer(jar), null)
  })
})
