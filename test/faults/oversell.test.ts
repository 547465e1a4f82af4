import assert from 'node:assert/strict'
import { Payments } from '../../models/payment.ts'
import { chargesOf, stockOf } from '../support/checkout.ts'
import { client } from '../support/client.ts'
import { freePort } from '../support/listen.ts'
import { type OtherProcess, startElsewhere } from '../support/other-process.ts'
import { type SpawnedServer, spawnServer } from '../support/spawn.ts'
import { aProduct, type Buyer, eventually } from '../support/story.ts'

const whole = process.env['FAULTS'] === 'all'
const customers = whole ? 200 : 40
const pieces = whole ? 10 : 5

describe('more customers than goods, over two processes', function () {
  this.timeout(300_000)
  let shop: OtherProcess
  let second: SpawnedServer
  before(async () => {
    shop = await startElsewhere()
    const port = String(await freePort())
    second = await spawnServer({
      ...shop.env,
      PORT: port,
      PUBLIC_URL: `http://localhost:${shop.env['PORT']}`,
    })
  })
  after(async () => {
    await second?.end('SIGKILL')
    await shop?.close()
  })

  it(`sells ${pieces} pieces to ${pieces} of ${customers}, and charges nobody else`, async () => {
    const product = await aProduct({ available: pieces })
    const buyers: Buyer[] = []
    while (buyers.length < customers) {
      const left = Math.min(10, customers - buyers.length)
      buyers.push(...(await Promise.all(Array.from({ length: left }, () => shop.buyer('card', { product })))))
    }
    const tokens: string[] = []
    for (const _ of buyers) tokens.push(await shop.cardToken())
    // A session is good at every process of the shop.
    for (const [index, buyer] of buyers.entries()) if (index % 2) moveTo(buyer, second.url)

    const answers = await Promise.all(
      buyers.map((buyer, index) => buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken: tokens[index] })),
    )
    const won = buyers.filter((_, index) => answers[index]?.status === 200)
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      assert.equal(status, 409, JSON.stringify(body).slice(0, 300))
      assert.equal(body.error.code, 'stock.short')
    }
    assert.equal(won.length, pieces)
    await eventually(
      'all confirmed',
      async () => {
        const orders = await Promise.all(won.map((buyer) => buyer.reload()))
        return orders.every(({ state }) => state === 'CONFIRMED')
      },
      60_000,
    )
    await shop.clean()
    assert.deepEqual(await stockOf(product.sku), { available: 0, reserved: pieces, shipped: 0 })
    for (const buyer of buyers) {
      assert.equal(chargesOf(shop, buyer.order).length, won.includes(buyer) ? 1 : 0)
    }
    assert.equal(await Payments.countDocuments(), pieces)
  })

  it('shares what is there between carts with the same goods on two lines', async () => {
    const product = await aProduct({ available: 9 })
    const twice = [
      { product, quantity: 2 },
      { product, quantity: 1 },
    ]
    const buyers = await Promise.all(Array.from({ length: 8 }, () => shop.buyer('card', ...twice)))
    for (const [index, buyer] of buyers.entries()) if (index % 2) moveTo(buyer, second.url)
    const tokens = await Promise.all(buyers.map(() => shop.cardToken()))
    const answers = await Promise.all(
      buyers.map((buyer, index) => buyer.try('CONFIRM_PAYMENT_SELECTION', { cardToken: tokens[index] })),
    )
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 409, 409, 409, 409, 409])
    assert.equal((await stockOf(product.sku)).available, 0)
    await shop.clean()
  })
})

/** Sends what this browser does from now on to another process. */
function moveTo(buyer: Buyer, url: string): void {
  const there = client(url)
  for (const [name, value] of buyer.cookies) there.cookies.set(name, value)
  buyer.try = (action, data = {}) =>
    there.post(`/api/pipeline/${buyer.order.id}/${action}`, { version: buyer.order.version, ...data })
}
