import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { expectStatus } from '../support/client.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { everyPayer, keptOf, type Payer, receiptsOf } from '../support/payers.ts'
import { comesTo, insist, type OwnMongod, startOwnMongod } from '../support/step-down.ts'
import type { Buyer } from '../support/story.ts'

const everything = process.env['FAULTS'] === 'all'
/** So many milliseconds after a request is sent, the primary steps down: early in it, late in it, and beyond. */
const moments = everything ? [5, 15, 40, 90] : [15]
/** Longer than anybody waits for a primary: those who ask meanwhile are told to try again. */
const long = { ms: 10, seconds: 8 }
const cuts = [...moments.map((ms) => ({ ms, seconds: 1 })), ...(everything ? [long] : [])]

describe('a primary that steps down while money moves', function () {
  this.timeout(180_000)
  let mongod: OwnMongod
  let shop: OtherProcess
  before(async () => {
    mongod = await startOwnMongod()
    shop = await startElsewhere({ PROMPTPAY_ID: '0801234567' })
  })
  after(async () => {
    await shop?.close()
    await mongod?.close()
  })

  for (const payer of everyPayer) {
    if (!everything && payer.name !== 'omise promptpay') continue
    for (const { ms, seconds } of cuts) {
      const when = `${ms} ms on, for ${seconds} s`
      it(`${payer.name}, ${when}: who confirms is let through, and pays once`, async () => {
        const buyer = await payer.buyer(shop)
        await confirm(payer, buyer, (work) => mongod.during(work, ms, seconds))
        await payer.pays(shop, buyer)
        await endsPaid(payer, buyer)
      })

      it(`${payer.name}, ${when}: what was paid settles`, async () => {
        const buyer = await payer.buyer(shop)
        await confirm(payer, buyer)
        await mongod.during(() => payer.pays(shop, buyer), ms, seconds)
        await endsPaid(payer, buyer)
      })

      if (payer.refunds) {
        it(`${payer.name}, ${when}: what is cancelled is given back once`, async () => {
          const buyer = await payer.buyer(shop)
          await confirm(payer, buyer)
          await payer.pays(shop, buyer)
          await endsPaid(payer, buyer)
          const { version } = await shop.staffView(buyer.order.id)
          const wish = { version, reason: 'sold out' }
          const { status, text } = await mongod.during(
            () => insist(() => shop.manager.post(`/api/orders/${buyer.order.id}/cancel`, wish)),
            ms,
            seconds,
          )
          assert([200, 409].includes(status), text)
          await comesTo(buyer, 'CANCELED')
          await shop.clean()
          assert.equal(await keptOf(payer, shop, buyer), 0)
          assert.equal(buyer.order.refunded, buyer.order.totals.total)
        })
      }
    }
  }

  async function confirm(
    payer: Payer,
    buyer: Buyer,
    during = <T>(work: () => Promise<T>): Promise<T> => work(),
  ): Promise<void> {
    const data = await payer.details(shop)
    const headers = { 'idempotency-key': randomUUID() }
    await expectStatus(
      200,
      during(() => insist(() => buyer.try('CONFIRM_PAYMENT_SELECTION', data, headers))),
    )
  }

  async function endsPaid(payer: Payer, buyer: Buyer): Promise<void> {
    await comesTo(buyer, 'CONFIRMED')
    await shop.clean()
    assert.equal(await keptOf(payer, shop, buyer), buyer.order.totals.total)
    assert.equal((await receiptsOf(buyer)).length, 1)
  }
})
