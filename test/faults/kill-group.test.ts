import assert from 'node:assert/strict'
import mongoose from 'mongoose'
import { Inbox, Outbox } from '../../models/broker.ts'
import { MoneyMovements } from '../../models/money-log.ts'
import { now } from '../../server/database/index.ts'
import { becomes, chargesOf, stockOf, toldOf } from '../support/checkout.ts'
import { killAt } from '../support/kill.ts'
import type { Written } from '../support/moments.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { type OwnMongod, startOwnMongod } from '../support/step-down.ts'
import { aProduct, type Buyer } from '../support/story.ts'

const everything = process.env['FAULTS'] === 'all'
const count = everything ? 24 : 12

const to = (collection: string, state: string) => (written: Written) =>
  written.collection === collection && written.changed['state'] === state
const moments: Record<string, (written: Written) => boolean> = {
  'the first webhook is stored': ({ collection }) => collection === 'inbox',
  'the first of them is captured': to('payments', 'CAPTURED'),
  'the first order is being confirmed': to('orders', 'CONFIRMING'),
}

describe('kill -9 of the server while many payments are settled together', function () {
  this.timeout(180_000)
  let mongod: OwnMongod
  let shop: OtherProcess
  before(async () => {
    mongod = await startOwnMongod()
    // What a killed process was writing stays locked so long: a minute, where nobody says otherwise.
    const admin = mongoose.connection.getClient().db('admin')
    await admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: 2 })
    shop = await startElsewhere()
  })
  after(async () => {
    await shop?.close()
    await mongod?.close()
  })

  for (const [when, isWritten] of Object.entries(moments)) {
    if (!everything && when !== 'the first of them is captured') continue
    it(`when ${when}: every order is paid once, and told once`, async () => {
      const product = await aProduct({ available: count })
      const buyers = await Promise.all(
        Array.from({ length: count }, async () => {
          const buyer = await shop.buyer('promptpay', { product })
          await buyer.act('CONFIRM_PAYMENT_SELECTION')
          return buyer
        }),
      )
      await shop.clean()
      const charges = await Promise.all(buyers.map(({ order }) => shop.chargeOf(order.id)))
      await killAt(shop, { isWritten }, () =>
        Promise.all(charges.map((charge) => shop.mark(charge, 'mark_as_paid'))),
      )
      await leasesEnd()
      await shop.restart()
      for (const buyer of buyers) await becomes(buyer, 'CONFIRMED', 60_000)
      await shop.clean()
      for (const buyer of buyers) await expectPaidOnce(buyer)
      assert.deepEqual(await stockOf(product.sku), { available: 0, reserved: count, shipped: 0 })
    })
  }

  /** What the dead process had in hand is free: a quarter of a minute later, where nobody says otherwise. */
  async function leasesEnd(): Promise<void> {
    const held = { state: 'NEW' as const, leaseUntil: { $ne: null } }
    const free = { $set: { availableAt: now(), leaseUntil: null } }
    await Inbox.updateMany(held, free)
    await Outbox.updateMany(held, free)
  }

  async function expectPaidOnce({ order }: Buyer): Promise<void> {
    const { history, payments } = await shop.staffView(order.id)
    assert.equal(history.filter(({ to: state }) => state === 'PAID').length, 1)
    assert.deepEqual(
      payments.map(({ state }) => state),
      ['CAPTURED'],
    )
    assert.equal(chargesOf(shop, order).length, 1)
    assert.equal(await MoneyMovements.countDocuments({ order: order.id }), 1)
    assert.deepEqual(await toldOf(order), ['receipt'])
  }
})
