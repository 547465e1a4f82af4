import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { minorUnits } from '../../models/money.ts'
import { type Attempt, type OpenDetails, Refused, Unanswered } from '../../server/payment/gateway.ts'
import { shareOut } from '../../server/payment/gateways/banks/refunds.ts'
import { gateway as foreignAffairsBank } from '../../server/payment/gateways/foreign-affairs-bank.ts'
import { gateway as halkbank } from '../../server/payment/gateways/halkbank.ts'
import { press } from '../support/bank-sandbox.ts'
import { newAttempt } from '../support/gateway-bench.ts'
import { keys as foreignKeys, startForeignAffairsBank } from '../support/gateways/foreignAffairsBank.ts'
import { keys as halkbankKeys, startHalkbank } from '../support/gateways/halkbank.ts'
import { startSelfSigned } from '../support/self-signed.ts'

const details: OpenDetails = {
  orderRegNo: 'P-000123',
  description: 'Ýüpek & Co #1 100%',
  returnUrl: 'http://127.0.0.1:3000/r/unguessable',
  customer: { name: 'Maral', email: '', phone: '+99365123456', language: 'tk', ip: '203.0.113.7' },
}
const anAttempt = (): Attempt => newAttempt({ method: 'card', money: { amount: 1750, currency: 'TMT' } })
const popup = (next: { kind: string; url?: string }): string => {
  assert.equal(next.kind, 'popup')
  return next.url ?? ''
}

describe('Halkbank', () => {
  let bank: Awaited<ReturnType<typeof startHalkbank>>
  let gateway: ReturnType<typeof halkbank>
  before(async () => {
    bank = await startHalkbank()
    gateway = halkbank({ ...halkbankKeys, apiUrl: bank.url })
  })
  after(() => bank.close())
  afterEach(() => bank.faults.reset())
  const turn = (name: string, value: boolean | string = true, next?: number) =>
    bank.faults.set('halkbank', name, value, next)

  async function opened(attempt = anAttempt()) {
    const { next, refs } = await gateway.open(attempt, details)
    return { attempt: { ...attempt, refs }, page: popup(next as never) }
  }

  it('is asked by form, in tenge, with a description that its form can bear, for as long as the attempt lives', async () => {
    const { attempt } = await opened()
    const order = bank.handle.orders().at(-1)
    assert.deepEqual(
      [order?.number, order?.amount, order?.currency, order?.language],
      [attempt.id, 1750, '934', 'tm'],
    )
    assert.match(order?.description ?? '', /^P-000123 /)
    const life = (order?.sessionEndsAt ?? 0) - (order?.createdAt ?? 0)
    assert.ok(Math.abs(life - 15 * 60_000) < 5000, String(life))
  })

  it('takes the address of the interface as well as that of the bank', async () => {
    const direct = halkbank({ ...halkbankKeys, apiUrl: `${bank.url}/payment/rest` })
    const attempt = anAttempt()
    await direct.open(attempt, details)
    assert.equal((await gateway.check(attempt)).state, 'PENDING')
  })

  for (const knob of [
    'keysInOtherCase',
    'codesAsNumbers',
    'amountsAsText',
    'cardholderAtBank',
    'noExtendedStatus',
  ]) {
    it(`is read the same with ${knob}`, async () => {
      turn(knob)
      const { attempt, page } = await opened()
      assert.equal((await gateway.check(attempt)).state, 'PENDING')
      await press(page, 'pay')
      const { state, captured, money } = await gateway.check(attempt)
      assert.deepEqual([state, captured, money], ['CAPTURED', 1750, attempt.money])
      assert.equal((await gateway.test()).ok, true)
    })
  }

  for (const taken of [false, true]) {
    it(`finds the order of a number that is taken, said with ${taken ? 2 : 1}`, async () => {
      turn('takenIsTwo', taken)
      const { attempt, page } = await opened()
      const again = await gateway.open({ ...attempt, refs: [] }, details)
      assert.equal(popup(again.next as never), page)
      assert.deepEqual(again.refs, attempt.refs)
    })
  }

  it('takes a new number where a lost order cannot be looked up, and reads the one that is paid', async () => {
    turn('noExtendedStatus')
    turn('dropAfterCommit', 'register', 1)
    const { attempt, page } = await opened()
    const numbers = bank.handle.orders().filter(({ number }) => number.startsWith(attempt.id))
    assert.deepEqual(
      numbers.map(({ number }) => number),
      [attempt.id, `${attempt.id}-2`],
    )
    assert.ok(page.includes(numbers[1]?.id ?? '?'), 'the first one’s address is nobody’s')
    await press(page, 'pay')
    assert.equal((await gateway.check(attempt)).captured, 1750)
    turn('noExtendedStatus', false)
    assert.equal((await gateway.check({ ...attempt, refs: [] })).captured, 1750)
  })

  it('calls an order missing only when the bank lets us look', async () => {
    turn('noExtendedStatus')
    assert.equal((await gateway.check(anAttempt())).state, 'MISSING')
    const stranger = halkbank({ ...halkbankKeys, password: 'wrong', apiUrl: bank.url })
    await assert.rejects(stranger.check(anAttempt()), Unanswered)
    await assert.rejects(stranger.open(anAttempt(), details), Refused)
    assert.match((await stranger.test()).advice, /HALKBANK_PASSWORD/)
  })

  it('sees what went back whether or not the deposit shrinks, and in the older method too', async () => {
    for (const [knob, older] of [
      ['refundsKeepDeposit', false],
      ['codesAsNumbers', false],
      ['codesAsNumbers', true],
    ] as const) {
      bank.faults.reset()
      const { attempt, page } = await opened()
      await press(page, 'pay')
      turn(knob)
      const books = { ...attempt, refunds: [] as NonNullable<Attempt['refunds']> }
      const wish = { opId: 'r1', amount: 1000, reason: 'x' }
      assert.equal((await gateway.refund(books, wish)).state, 'SUCCEEDED')
      books.refunds.push({ opId: 'r1', amount: 1000, state: 'SUCCEEDED' })
      turn('noExtendedStatus', older)
      const { state, captured, refunded, refunds } = await gateway.check(books)
      assert.deepEqual([state, captured, refunded, refunds.length], ['PARTIALLY_REFUNDED', 1750, 1000, 1])
    }
  })

  it('sees a session that ran out, at the bank and by our own clock', async () => {
    const { attempt } = await opened()
    const later = { ...attempt, now: new Date(attempt.expiresAt.getTime() + 60_000) }
    assert.equal((await gateway.check(later)).state, 'PENDING')
    later.now = new Date(attempt.expiresAt.getTime() + 5 * 60_000)
    assert.equal((await gateway.check(later)).state, 'EXPIRED')
  })
})

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
    await press(popup(next as never), 'pay')
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
    assert.match(advice, /FOREIGN_AFFAIRS_BANK_CLIENT_SECRET/)
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

describe('a bank whose certificate nobody vouches for', () => {
  it('is told nothing, and the report says how to trust it', async () => {
    const { url, heard, server } = await startSelfSigned()
    const both = [
      halkbank({ ...halkbankKeys, apiUrl: url }),
      foreignAffairsBank({ ...foreignKeys, apiUrl: url, tokenUrl: `${url}/token` }),
    ]
    for (const gateway of both) {
      await assert.rejects(gateway.open(anAttempt(), details), Unanswered)
      const { ok, advice, answer } = await gateway.test()
      assert.equal(ok, false)
      assert.match(advice, /NODE_EXTRA_CA_CERTS/, answer)
    }
    assert.equal(heard(), 0)
    server.close()
  })
})

describe('refunds that a bank tells in one sum', () => {
  const open = { opId: 'b', amount: 300, state: 'UNKNOWN' as const }
  const done = { opId: 'a', amount: 500, state: 'SUCCEEDED' as const }
  const shared = (total: number, asked = [done, open]) =>
    shareOut(total, asked).map(({ opId, amount }) => [opId, amount])

  it('are shared out: what is done, then the oldest without an answer, then somebody else’s', () => {
    assert.deepEqual(shared(500), [['a', 500]])
    assert.deepEqual(shared(800), [
      ['a', 500],
      ['b', 300],
    ])
    assert.deepEqual(shared(900), [
      ['a', 500],
      ['b', 300],
      [null, 100],
    ])
    assert.deepEqual(shared(600), [
      ['a', 500],
      [null, 100],
    ])
    assert.deepEqual(shared(0, []), [])
  })
})

describe('an amount that others write', () => {
  it('is read by its digits', () => {
    for (const [text, minor] of [
      [17.5, 1750],
      ['17.50', 1750],
      [0.07, 7],
      [1.1, 110],
      ['300', 30_000],
      ['17.505', undefined],
      ['1e3', undefined],
      ['-1', undefined],
      ['', undefined],
      ['1,5', undefined],
    ] as const) {
      assert.equal(minorUnits(text, 2), minor, String(text))
    }
    assert.equal(minorUnits('100.0', 0), 100)
    assert.equal(minorUnits('100.5', 0), undefined)
  })
})
