import assert from 'node:assert/strict'
import { inWords } from '../../server/language/index.ts'
import { Unanswered } from '../../server/payment/gateway.ts'
import { shareOut } from '../../server/payment/gateways/banks/refunds.ts'
import { gateway as foreignAffairsBank } from '../../server/payment/gateways/foreign-affairs-bank.ts'
import { gateway as halkbank } from '../../server/payment/gateways/halkbank.ts'
import { anAttempt, details } from '../support/bank-attempts.ts'
import { keys as foreignKeys } from '../support/gateways/foreignAffairsBank.ts'
import { keys as halkbankKeys } from '../support/gateways/halkbank.ts'
import { startSelfSigned } from '../support/self-signed.ts'

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
      assert.match(inWords('en', advice), /NODE_EXTRA_CA_CERTS/, inWords('en', answer))
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
