import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Types } from 'mongoose'
import { Customers } from '../../models/customer.ts'
import { type Order, Orders } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { StaffTasks } from '../../models/shop.ts'
import type { OrderState } from '../../models/states.ts'
import { upsertCustomer } from '../../server/customer/index.ts'
import { transaction } from '../../server/database/index.ts'
import { changeOrder, findOrder, refreshStatus } from '../../server/order/index.ts'
import { applyFound } from '../../server/payment/apply.ts'
import type { Found } from '../../server/payment/gateway.ts'
import { anAttempt, anOrder } from '../support/bare-orders.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { captured, expectPaidOnce, price, settle, someAttempts } from '../support/settling.ts'

describe('payments that are settled at the same moment', function () {
  this.timeout(60_000)
  let shop: TestServer
  before(async () => {
    // Nobody else touches what is written here.
    shop = await startServer({ env: { ROLES: 'web' } })
  })
  after(() => shop.close())

  it('each pay their own order once, however many there are, and however often it is told', async () => {
    const payments = await someAttempts(50)
    await Promise.all([...payments, ...payments].map(settle))
    for (const payment of payments) await expectPaidOnce(payment)
  })

  it('do not fail for the sake of one that does', async () => {
    const payments = await someAttempts(10)
    const [broken, ...others] = payments
    assert(broken)
    await Orders.deleteOne({ _id: broken.order })
    const [first, ...rest] = await Promise.allSettled(payments.map(settle))
    assert.equal(first?.status, 'rejected')
    assert.deepEqual(new Set(rest.map(({ status }) => status)), new Set(['fulfilled']))
    for (const payment of others) await expectPaidOnce(payment)
    assert.equal((await Payments.collection.findOne<Payment>({ _id: broken._id }))?.state, 'CREATED')
  })

  it('wait for whoever else is just writing to their orders', async () => {
    const payments = await someAttempts(10)
    const busy = payments.map(({ order }) =>
      transaction(async (session) => {
        await Orders.collection.updateOne({ _id: order }, { $set: { note: 'staff' } }, { session })
        await wait(100)
      }),
    )
    await wait(20)
    await Promise.all([...busy, ...payments.map(settle)])
    for (const payment of payments) {
      await expectPaidOnce(payment)
      assert.equal((await Orders.collection.findOne<Order>({ _id: payment.order }))?.note, 'staff')
    }
  })

  it('each lead to what becomes of their own order, whatever that is', async () => {
    const plain = await someAttempts(6)
    const one = async (state: OrderState, changes: Partial<Payment> = {}): Promise<Payment> => {
      const order = await anOrder({ amount: price, currency: 'THB' })
      await Orders.updateOne({ _id: order._id }, { state })
      return anAttempt(order, { gateway: 'omise', method: 'card' }, changes)
    }
    const ended = { state: 'EXPIRED', open: false } as const
    const later = new Date(Date.now() + 3 * 86_400_000)
    const none: Found = { ...captured, captured: 0, state: 'PENDING' }
    const cases: [payment: Payment, found: Found, state: OrderState][] = [
      [await one('EXPIRED', ended), captured, 'PAID'],
      [await one('CANCELED', ended), captured, 'COMPENSATING'],
      [await one('CONFIRMED', ended), captured, 'CONFIRMED'],
      [await one('AWAITING_PAYMENT'), { ...captured, captured: price - 1 }, 'MANUAL_REVIEW'],
      [await one('AWAITING_PAYMENT'), { ...none, state: 'FAILED' }, 'DRAFT'],
      [await one('AWAITING_PAYMENT'), { ...none, expiresAt: later }, 'AWAITING_PAYMENT'],
      // Changed twice: it waits longer, and is paid.
      [await one('AWAITING_PAYMENT'), { ...none, state: 'AUTHORIZED', expiresAt: later }, 'PAID'],
    ]
    await Promise.all([
      ...plain.slice(0, 3).map(settle),
      ...cases.map(([payment, found]) => applyFound(payment, found, 'test')),
      ...plain.slice(3).map(settle),
    ])
    for (const payment of plain) await expectPaidOnce(payment)
    for (const [{ _id, order }, found, state] of cases) {
      const after = await Orders.findById(order).lean()
      assert.equal(after?.state, state)
      const payment = await Payments.findById(_id).lean()
      assert.equal(payment?.captured, found.captured)
      assert.equal(payment.flags.duplicate ?? false, state === 'CONFIRMED')
      const waits = found.expiresAt?.getTime() ?? after.deadline?.getTime()
      assert.equal(after.deadline?.getTime(), waits)
      const isAsked = state === 'CONFIRMED' || state === 'MANUAL_REVIEW'
      assert.equal(await StaffTasks.countDocuments({ order, state: 'open' }), isAsked ? 1 : 0)
    }
  })

  it('do not wait for those whose orders a killed process has left locked', async () => {
    const [first, second, third, ...others] = await someAttempts(20)
    assert(first && second && third)
    const locked = [first, second, third]
    const isLocked = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const holding = transaction(async (session) => {
      const orders = { _id: { $in: locked.map(({ order }) => order) } }
      await Orders.collection.updateMany(orders, { $set: { note: 'staff' } }, { session })
      isLocked.resolve()
      await release.promise
    })
    await isLocked.promise
    // Each by itself, as many as go side by side; the third among others.
    const waiting = [settle(first)]
    await wait(20)
    waiting.push(settle(second))
    await wait(20)
    waiting.push(settle(third))
    await Promise.all(others.map(settle))
    for (const payment of others) await expectPaidOnce(payment)
    release.resolve()
    await Promise.all([holding, ...waiting])
    for (const payment of locked) await expectPaidOnce(payment)
  })

  describe('of one customer', () => {
    async function twoOrders() {
      const { customer } = await upsertCustomer({ channel: 'line', externalId: randomUUID(), language: 'en' })
      await Customers.updateOne({ _id: customer._id }, { status: 'WAITING_FOR_PAYMENT' })
      const payments = await someAttempts(2)
      const ids = payments.map(({ order }) => order)
      await Orders.updateMany({ _id: { $in: ids } }, { customer: customer._id })
      return { customer, payments, ids }
    }
    const statusOf = async (_id: Types.ObjectId) => (await Customers.findById(_id).lean())?.status

    it('leave nothing to wait for, in one group', async () => {
      const { customer, payments } = await twoOrders()
      await Promise.all(payments.map(settle))
      for (const payment of payments) await expectPaidOnce(payment)
      assert.equal(await statusOf(customer._id), 'FOLLOW')
    })

    it('leave nothing to wait for, in two processes', async () => {
      const { customer, ids } = await twoOrders()
      let reading = 2
      const bothHaveRead = Promise.withResolvers<void>()
      const payAlone = (id: Types.ObjectId) =>
        transaction(async (session) => {
          const order = await findOrder(id, session)
          reading -= 1
          if (reading <= 0) bothHaveRead.resolve()
          await bothHaveRead.promise
          await changeOrder(order, { to: 'PAID', by: 'gateway' }, session)
          refreshStatus(session, customer._id)
        })
      await Promise.all(ids.map(payAlone))
      assert.equal(await statusOf(customer._id), 'FOLLOW')
    })
  })
})
