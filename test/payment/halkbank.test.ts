import assert from 'node:assert/strict'
import { inWords } from '../../server/language/index.ts'
import { type Attempt, Refused, Unanswered } from '../../server/payment/gateway.ts'
import { gateway as halkbank } from '../../server/payment/gateways/halkbank.ts'
import { anAttempt, details, popup } from '../support/bank-attempts.ts'
import { press } from '../support/bank-sandbox.ts'
import { keys as halkbankKeys, startHalkbank } from '../support/gateways/halkbank.ts'

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
    return { attempt: { ...attempt, refs }, page: popup(next) }
  }

  it('is asked by form, in tenge, with a description that its form can bear, for as long as the attempt lives', async () => {
    const { attempt } = await opened()
    const order = bank.handle.orders().at(-1)
    assert.deepEqual(
      [order?.number, order?.amount, order?.currency, order?.language],
      [attempt.id, 1750, '934', 'tm'],
    )
    assert.match(order?.description ?? '', /^P-000123 /)
    assert.equal(order?.description.split('P-000123').length, 2, 'the number stands there once')
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
      assert.equal(popup(again.next), page)
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
    assert.match(inWords('en', (await stranger.test()).advice), /HALKBANK_PASSWORD/)
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
