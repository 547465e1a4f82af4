import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inWords } from '../../server/language/index.ts'
import { Refused, Unanswered } from '../../server/payment/gateway.ts'
import { gateway as foreignAffairsBank } from '../../server/payment/gateways/foreign-affairs-bank.ts'
import { anAttempt, details, popup } from '../support/bank-attempts.ts'
import { press } from '../support/bank-sandbox.ts'
import { keys as foreignKeys, startForeignAffairsBank } from '../support/gateways/foreignAffairsBank.ts'

describe('the Foreign Affairs Bank', () => {
  let bank: Awaited<ReturnType<typeof startForeignAffairsBank>>
  let gateway: ReturnType<typeof foreignAffairsBank>
  before(async () => {
    bank = await startForeignAffairsBank()
    gateway = foreignAffairsBank({
      ...foreignKeys,
      apiUrl: bank.url,
      tokenUrl: `${bank.url}/identityserver/connect/token`,
    })
  })
  after(() => bank.close())
  afterEach(() => bank.faults.reset())
  const turn = (name: string, value: boolean | string = true, next?: number) =>
    bank.faults.set('foreignAffairsBank', name, value, next)

  async function paid() {
    const attempt = anAttempt()
    const { next, refs } = await gateway.open(attempt, details)
    await press(popup(next), 'pay')
    return { ...attempt, refs }
  }

  it('is asked in decimal manat, and sends the customer back', async () => {
    const attempt = await paid()
    const order = bank.handle.orders().at(-1)
    assert.deepEqual([order?.amount, order?.currency, order?.merchantOrderId], [1750, '934', attempt.id])
    assert.equal(order?.finalUrl, details.returnUrl)
    assert.deepEqual((await gateway.check(attempt)).money, attempt.money)
  })

  it('gives a new token for one that it has forgotten, and nothing is done twice', async () => {
    const attempt = await paid()
    turn('forgetTokens', true, 1)
    assert.equal((await gateway.check(attempt)).captured, 1750)
    turn('forgetTokens', true, 1)
    const before = bank.handle.orders().length
    await gateway.open(anAttempt(), details)
    assert.equal(bank.handle.orders().length, before + 1)
  })

  it('that forgets every token lets nobody in, and is told so', async () => {
    turn('forgetTokens')
    await assert.rejects(gateway.open(anAttempt(), details), Refused)
    const { ok, advice } = await gateway.test()
    assert.equal(ok, false)
    assert.match(inWords('en', advice), /FOREIGN_AFFAIRS_BANK_CLIENT_SECRET/)
  })

  it('is asked once for a token by many at a time', async () => {
    const fresh = foreignAffairsBank({
      ...foreignKeys,
      apiUrl: bank.url,
      tokenUrl: `${bank.url}/identityserver/connect/token`,
    })
    const attempts = await Promise.all(Array.from({ length: 5 }, () => fresh.open(anAttempt(), details)))
    assert.equal(new Set(attempts.map(({ refs }) => refs[0]?.value)).size, 5)
  })

  it('is not asked for a refund again while it does not say whether it made the first', async () => {
    const attempt = await paid()
    turn('refundsUntold')
    turn('dropAfterCommit', 'refunds', 1)
    const wish = { opId: 'r1', amount: 1000, reason: 'x' }
    await assert.rejects(gateway.refund({ ...attempt, refunds: [] }, wish), Unanswered)
    const books = { ...attempt, refunds: [{ opId: 'r1', amount: 1000, state: 'UNKNOWN' as const }] }
    await assert.rejects(gateway.refund(books, wish), Unanswered)
    assert.deepEqual(bank.handle.orders().at(-1)?.refunds, [1000])
    turn('refundsUntold', false)
    assert.deepEqual(await gateway.refund(books, wish), { state: 'SUCCEEDED', ref: 'r1' })
    assert.deepEqual(bank.handle.orders().at(-1)?.refunds, [1000])
  })

  it('sends its token to nobody but the configured address, whatever it links to', async () => {
    const heard: string[] = []
    const other = createServer((request, response) => {
      heard.push(request.url ?? '')
      response.end('{}')
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const elsewhere = await startForeignAffairsBank({ baseUrl: `http://127.0.0.1:${port}` })
    const asked = foreignAffairsBank({
      ...foreignKeys,
      apiUrl: elsewhere.url,
      tokenUrl: `${elsewhere.url}/identityserver/connect/token`,
    })
    const attempt = anAttempt()
    const { refs } = await asked.open(attempt, details)
    assert.equal((await asked.check({ ...attempt, refs })).state, 'PENDING')
    assert.deepEqual(heard, [])
    elsewhere.close()
    other.close()
  })
})
