import assert from 'node:assert/strict'
import { currencies } from '../../../models/money.ts'
import { Refused } from '../../../server/payment/gateway.ts'
import { type Bench, newAttempt } from '../../support/gateway-bench.ts'
import { assertPaid, opened, paid, when } from './cases.ts'

/** What a customer may do with a payment, and what the gateway then sees. */
export function opening(bench: Bench): void {
  const { gateway, method, money } = bench

  it('offers its method for this currency', () => {
    const offered = gateway.methods.find((one) => one.name === method)
    const limits = offered?.amounts[money.currency]
    assert.ok(limits && limits.min <= money.amount && money.amount <= limits.max)
  })

  it('opens one payment and tells the customer what to do', async () => {
    const { attempt, next, refs, found } = await opened(bench)
    assert.ok(['redirect', 'qr', 'code', 'popup'].includes(next.kind), next.kind)
    if (next.kind === 'qr') assert.ok(Date.parse(next.expiresAt) > Date.now())
    assert.ok(refs.length)
    assert.ok(!found || found.state === 'PENDING')
    assert.equal(bench.payments(attempt), 1)
  })

  it('sees a payment that the customer made', async () => {
    assertPaid(await gateway.check(await paid(bench)), bench)
  })

  when(bench.declined, 'only the customer declines here', 'tells why a card was declined', async () => {
    const attempt = newAttempt(bench)
    const details = (await bench.declined?.()) ?? (await bench.details())
    const { found } = await gateway.open(attempt, details)
    assert.equal(found?.state, 'FAILED')
    assert.match(found.failureCode ?? '', /^[a-z_]+$/)
    assert.equal((await gateway.check(attempt)).state, 'FAILED')
  })

  when(bench.customer.declines, 'nobody can decline', 'sees a payment that was refused', async () => {
    const { attempt } = await opened(bench)
    await bench.customer.declines?.(attempt)
    const { state, failureCode, captured } = await gateway.check(attempt)
    assert.equal(state, bench.triesAgain ? 'PENDING' : 'FAILED')
    assert.ok(failureCode)
    assert.equal(captured, 0)
  })

  when(bench.customer.cancels, 'nobody can cancel', 'sees that the customer turned back', async () => {
    const { attempt } = await opened(bench)
    await bench.customer.cancels?.(attempt)
    assert.ok(['FAILED', 'CANCELED'].includes((await gateway.check(attempt)).state))
  })

  const retries = bench.triesAgain && bench.customer.declines
  when(retries, 'a refusal is final', 'sees a payment that went through after a refusal', async () => {
    const { attempt } = await opened(bench)
    await bench.customer.declines?.(attempt)
    await bench.customer.pays(attempt)
    assertPaid(await gateway.check(attempt), bench)
  })

  when(
    bench.voucher,
    'no codes to pay by later',
    'waits for a code to be paid until it runs out',
    async () => {
      const { attempt } = await opened(bench)
      await bench.voucher?.(attempt)
      const { state, captured, expiresAt, next } = await gateway.check(attempt)
      assert.deepEqual([state, captured, next?.kind], ['PENDING', 0, 'code'])
      assert.ok(next?.kind === 'code' && next.code && next.store)
      assert.ok(expiresAt && expiresAt > attempt.expiresAt)
      assert.equal(next.expiresAt, expiresAt.toISOString())
    },
  )

  when(bench.voucher, 'no codes to pay by later', 'takes a code back that nobody has paid', async () => {
    const { attempt } = await opened(bench)
    await bench.voucher?.(attempt)
    assert.equal(await gateway.cancel(attempt), true)
    assert.equal((await gateway.check(attempt)).state, 'CANCELED')
  })

  when(bench.runsOut, 'it never runs out', 'sees that the time ran out', async () => {
    const { attempt } = await opened(bench)
    await bench.runsOut?.(attempt)
    assert.equal((await gateway.check(attempt)).state, 'EXPIRED')
  })

  when(bench.customer.paysLate, 'late money cannot come', 'sees money that came late', async () => {
    const { attempt } = await opened(bench)
    await bench.runsOut?.(attempt)
    assert.equal((await gateway.check(attempt)).state, 'EXPIRED')
    await bench.customer.paysLate?.(attempt)
    assertPaid(await gateway.check(attempt), bench)
  })

  it('keeps two attempts of one order apart when both are paid', async () => {
    const [first, second] = [await paid(bench), await paid(bench)]
    assertPaid(await gateway.check(first), bench)
    assertPaid(await gateway.check(second), bench)
    assert.notDeepEqual(first.refs, second.refs)
  })

  it('refuses an amount that the platform does not take, and charges nothing', async () => {
    const attempt = { ...newAttempt(bench), money: { ...money, amount: 1 } }
    await assert.rejects(gateway.open(attempt, await bench.details()), Refused)
    assert.equal(bench.payments(attempt), 0)
  })

  it('refuses a currency that the platform does not take, and charges nothing', async () => {
    const amounts = gateway.methods.find(({ name }) => name === method)?.amounts ?? {}
    const currency = currencies.find((one) => amounts[one] === undefined)
    assert.ok(currency)
    const attempt = { ...newAttempt(bench), money: { ...money, currency } }
    await assert.rejects(gateway.open(attempt, await bench.details()), Refused)
    assert.equal(bench.payments(attempt), 0)
  })

  const needsToken = gateway.methods.find((one) => one.name === method)?.needsCardToken
  when(needsToken, 'no token here', 'refuses a token that another attempt has used', async () => {
    const details = await bench.details()
    await gateway.open(newAttempt(bench), details)
    const second = newAttempt(bench)
    await assert.rejects(gateway.open(second, details), Refused)
    assert.equal(bench.payments(second), 0)
  })
  when(needsToken, 'no token here', 'refuses to open without a token', async () => {
    const { cardToken: _, ...details } = await bench.details()
    await assert.rejects(gateway.open(newAttempt(bench), details), Refused)
  })
}
