import assert from 'node:assert/strict'
import { Types } from 'mongoose'
import { DeliveryCases, DeliverySlots } from '../../models/delivery.ts'
import { Orders } from '../../models/order.ts'
import { transaction } from '../../server/database/index.ts'
import type { CourierView, PointView, SlotView } from '../../server/delivery/contract.ts'
import {
  cancelCase,
  confirmDelivery,
  holdSlot,
  listPoints,
  markDelivered,
  markSent,
  openCase,
  quoteCouriers,
  releaseSlot,
} from '../../server/delivery/index.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { startServer, type TestServer } from '../support/server.ts'

describe('delivery', () => {
  let shop: TestServer
  let manager: StaffMember
  before(async () => {
    shop = await startServer()
    manager = await loginAs(shop.url, 'manager')
  })
  after(() => shop.close())

  const settings = { zone: 'Asia/Bangkok' }
  const soon = () => new Date(Date.now() + 3_600_000 + Math.floor(Math.random() * 3_600_000))
  const addSlot = async (capacity: number) => {
    const begin = soon()
    const slot = await DeliverySlots.create({
      date: begin.toISOString().slice(0, 10),
      begin,
      end: new Date(begin.getTime() + 3_600_000),
      capacity,
      taken: 0,
    })
    return slot._id
  }
  const takenOf = async (slot: Types.ObjectId) => (await DeliverySlots.findById(slot).lean())?.taken

  describe('what couriers ask', () => {
    before(async () => {
      for (const courier of [
        {
          name: 'Post',
          days: 2,
          rules: [
            { postcodes: [], from: 100_000, price: 0 },
            { postcodes: ['10', '11'], from: 0, price: 4_000 },
            { postcodes: [], from: 0, price: 6_000 },
          ],
          trackingUrl: 'https://post.example/?n={tracking}',
        },
        {
          name: 'Bike',
          days: 0,
          slots: true,
          position: 5,
          rules: [{ postcodes: ['10'], from: 0, price: 9_000 }],
        },
        { name: 'Resting', active: false, rules: [{ postcodes: [], from: 0, price: 1 }] },
      ]) {
        await expectStatus(200, manager.post<CourierView>('/api/couriers', courier))
      }
    })

    it('follows the first rule that an order meets', async () => {
      const now = new Date('2026-11-21T18:30:00Z')
      const quote = async (postalCode: string, goods: number) =>
        (await quoteCouriers({ postalCode, goods, now, settings })).map(({ companyName, cost }) => [
          companyName,
          cost,
        ])
      assert.deepEqual(await quote('10400', 50_000), [
        ['Post', 4_000],
        ['Bike', 9_000],
      ])
      assert.deepEqual(await quote('50200', 50_000), [['Post', 6_000]])
      assert.deepEqual(await quote('50200', 100_000), [['Post', 0]])
      assert.deepEqual(await quote('', 1), [['Post', 6_000]])
    })

    it('comes with the day of arrival in the shop’s own zone', async () => {
      // Half past one at night on the 22nd in Bangkok.
      const now = new Date('2026-11-21T18:30:00Z')
      const [post] = await quoteCouriers({ postalCode: '10400', goods: 1, now, settings })
      assert.equal(post?.estimatedDate, '2026-11-24')
    })

    it('comes with slots that are free or full, and none that has begun', async () => {
      const slot = await addSlot(1)
      const offers = async () => {
        const found = await quoteCouriers({ postalCode: '10400', goods: 1, now: new Date(), settings })
        return found
          .find(({ companyName }) => companyName === 'Bike')
          ?.slots.find(({ id }) => id === String(slot))
      }
      assert.equal((await offers())?.full, false)
      await transaction((session) => holdSlot(session, new Types.ObjectId(), slot))
      assert.equal((await offers())?.full, true)
      await DeliverySlots.updateOne({ _id: slot }, { $set: { begin: new Date(Date.now() - 1000) } })
      assert.equal(await offers(), undefined)
    })

    it('is edited with care: names are unique, prices whole', async () => {
      await expectStatus(409, manager.post('/api/couriers', { name: 'Post' }))
      await expectStatus(
        400,
        manager.post('/api/couriers', { name: 'Z', rules: [{ postcodes: [], from: 0, price: 0.5 }] }),
      )
      const agent = await loginAs(shop.url, 'agent')
      await expectStatus(403, agent.post('/api/couriers', { name: 'Mine' }))
      const point = await expectStatus(
        200,
        manager.post<PointView>('/api/pickup-points', { name: 'Shop', address: 'Ari' }),
      )
      assert.deepEqual(await listPoints(), [{ id: point.id, name: 'Shop', address: 'Ari', hours: '' }])
      await expectStatus(200, manager.patch(`/api/pickup-points/${point.id}`, { active: false }))
      assert.deepEqual(await listPoints(), [])
    })
  })

  describe('a slot', () => {
    it('is given to as many orders as it holds, however many come at once', async () => {
      const slot = await addSlot(3)
      const asked = Array.from({ length: 20 }, () => new Types.ObjectId())
      const got = await Promise.all(
        asked.map((order) => transaction((session) => holdSlot(session, order, slot))),
      )
      assert.equal(got.filter(Boolean).length, 3)
      assert.equal(await takenOf(slot), 3)
      await Promise.all(asked.map((order) => transaction((session) => releaseSlot(session, order))))
      await Promise.all(asked.map((order) => transaction((session) => releaseSlot(session, order))))
      assert.equal(await takenOf(slot), 0)
    })

    it('goes back when an order takes another one', async () => {
      const [first, second, order] = [await addSlot(1), await addSlot(1), new Types.ObjectId()]
      assert.equal(await transaction((session) => holdSlot(session, order, first)), true)
      assert.equal(await transaction((session) => holdSlot(session, order, first)), true)
      assert.equal(await transaction((session) => holdSlot(session, order, second)), true)
      assert.deepEqual([await takenOf(first), await takenOf(second)], [0, 1])
    })

    it('is not to be had once it has begun', async () => {
      const slot = await addSlot(1)
      await DeliverySlots.updateOne({ _id: slot }, { $set: { begin: new Date(Date.now() - 60_000) } })
      assert.equal(await transaction((session) => holdSlot(session, new Types.ObjectId(), slot)), false)
      assert.equal(await transaction((session) => holdSlot(session, new Types.ObjectId(), 'no id')), false)
    })

    it('is added, resized and closed by staff, never below what is taken', async () => {
      const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
      const times = { date: day, begin: '10:00', end: '12:00' }
      const added = await expectStatus(200, manager.post<SlotView>('/api/slots', { ...times, capacity: 2 }))
      assert.equal(added.begin, `${day}T03:00:00.000Z`)
      await expectStatus(409, manager.post('/api/slots', { ...times, capacity: 2 }))
      await transaction((session) => holdSlot(session, new Types.ObjectId(), added.id))
      await expectStatus(409, manager.delete(`/api/slots/${added.id}`))
      await expectStatus(200, manager.patch(`/api/slots/${added.id}`, { capacity: 1 }))
      const listed = await expectStatus(200, manager.get<SlotView[]>('/api/slots'))
      assert.equal(listed.find(({ id }) => id === added.id)?.taken, 1)
      await expectStatus(400, manager.post('/api/slots', { ...times, date: '2020-01-01', capacity: 1 }))
      await expectStatus(400, manager.post('/api/slots', { ...times, end: '09:00', capacity: 1 }))
    })

    it('is planned ahead from the windows of the week, and stays closed when staff closed it', async () => {
      const admin = await loginAs(shop.url, 'admin')
      const { version } = await expectStatus(200, admin.get<{ version: number }>('/api/shop'))
      const window = { days: [0, 1, 2, 3, 4, 5, 6], begin: '21:00', end: '23:00', capacity: 4 }
      await expectStatus(200, admin.put('/api/shop', { version, windows: [window] }))
      const planned = async () =>
        (await expectStatus(200, manager.get<SlotView[]>('/api/slots'))).filter(
          ({ capacity }) => capacity === 4,
        )
      const slots = await planned()
      assert.equal(slots.length, 14)
      await expectStatus(200, manager.delete(`/api/slots/${slots[5]?.id}`))
      assert.equal((await planned()).length, 13)
    })
  })

  describe('the delivery of a paid order', () => {
    let number = 0
    const paidOrder = async (slot: Types.ObjectId | null = null) => {
      number += 1
      const _id = new Types.ObjectId()
      const delivery = { type: 'courier', companyName: 'Post', slot }
      await Orders.collection.insertOne({
        _id,
        regNo: String(_id),
        number,
        delivery,
      })
      return _id
    }
    const stateOf = async (order: Types.ObjectId) => (await DeliveryCases.findOne({ order }).lean())?.state

    it('is booked once, with the slot that was held for it', async () => {
      const slot = await addSlot(1)
      const order = await paidOrder(slot)
      await transaction((session) => holdSlot(session, order, slot))
      const answers = await Promise.all([1, 2, 3].map(() => confirmDelivery(String(order), 'CONFIRM')))
      assert.deepEqual(answers, ['SUCCESS', 'SUCCESS', 'SUCCESS'])
      assert.equal(await stateOf(order), 'BOOKED')
      assert.equal(await takenOf(slot), 1)
    })

    it('gives its slot back once when it is called off', async () => {
      const slot = await addSlot(2)
      const [order, other] = [await paidOrder(slot), await paidOrder(slot)]
      for (const one of [order, other]) await confirmDelivery(String(one), 'CONFIRM')
      await Promise.all([1, 2, 3].map(() => confirmDelivery(String(order), 'REVERSE')))
      assert.equal(await takenOf(slot), 1)
      assert.equal(await stateOf(order), 'CANCELED')
    })

    it('is refused when its slot is gone', async () => {
      const slot = await addSlot(1)
      const [order, late] = [await paidOrder(slot), await paidOrder(slot)]
      assert.equal(await confirmDelivery(String(order), 'CONFIRM'), 'SUCCESS')
      assert.equal(await confirmDelivery(String(late), 'CONFIRM'), 'FAIL')
      assert.equal(await confirmDelivery(String(late), 'CONFIRM'), 'FAIL')
    })

    it('is refused after a REVERSE that was faster', async () => {
      const order = await paidOrder()
      assert.equal(await confirmDelivery(String(order), 'REVERSE'), 'SUCCESS')
      assert.equal(await confirmDelivery(String(order), 'CONFIRM'), 'FAIL')
      assert.equal(await stateOf(order), undefined)
    })

    it('goes out with a number that can be followed, and arrives', async () => {
      const order = await paidOrder()
      await transaction((session) =>
        openCase(session, { _id: order, delivery: { companyName: 'Post' } } as never),
      )
      const sent = await transaction((session) => markSent(session, order, { tracking: 'TH 1/2' }))
      assert.equal(sent.state, 'IN_TRANSIT')
      assert.equal(sent.trackingUrl, 'https://post.example/?n=TH%201%2F2')
      await transaction((session) => markDelivered(session, order))
      assert.equal(await transaction((session) => cancelCase(session, order)), false)
      await assert.rejects(
        transaction((session) => markSent(session, order, {})),
        /DELIVERED and cannot be sent/,
      )
    })
  })
})
