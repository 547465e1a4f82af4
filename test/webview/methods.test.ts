import assert from 'node:assert/strict'
import { wordsOf } from '../../server/pages/words.ts'
import type { OfferedMethod } from '../../server/payment/contract.ts'
import { arrange, isGroup } from '../../webview/checkout/state/methods.ts'
import { createWords } from '../../webview/kit/i18n.ts'
import { methodTitle } from '../../webview/kit/methods.ts'

const words = createWords('en', wordsOf('en', 'checkout'))
const offered = (method: string, group?: string): OfferedMethod => ({
  gateway: 'omise',
  method,
  needsCardToken: method === 'card',
  ...(group && { group }),
})

describe('the ways to pay', () => {
  it('are listed one by one, cards last, and then the kinds that unfold', () => {
    const entries = arrange(
      [
        offered('card'),
        offered('mobile_banking_kbank', 'mobile_banking'),
        offered('promptpay'),
        offered('mobile_banking_scb', 'mobile_banking'),
        offered('truemoney'),
      ],
      words,
    )
    assert.deepEqual(
      entries.map((entry) => (isGroup(entry) ? entry.name : entry.value)),
      ['omise:promptpay', 'omise:truemoney', 'omise:card', 'mobile_banking'],
    )
    const banks = entries.find(isGroup)
    assert.equal(banks?.title, 'Mobile banking')
    assert.deepEqual(
      banks?.choices.map(({ title }) => title),
      ['K PLUS, KBank', 'SCB EASY'],
    )
  })

  it('do not unfold where there is only one of a kind', () => {
    const [only] = arrange([offered('internet_banking_bbl', 'internet_banking')], words)
    assert(only)
    assert.equal(isGroup(only), false)
    assert.equal(only.title, 'Bualuang iBanking')
  })

  it('name an instalment plan by its bank and months, and by its code what nobody has named', () => {
    assert.equal(methodTitle('installment_kbank_10', words), 'KBank, 10 months')
    assert.equal(methodTitle('installment_first_choice_3', words), 'Krungsri First Choice, 3 months')
    assert.equal(methodTitle('installment_newbank_3', words), 'NEWBANK, 3 months')
    assert.equal(methodTitle('barter', words), 'barter')
    const [kind] = arrange([offered('barter', 'odd'), offered('favour', 'odd')], words)
    assert.equal(kind?.title, 'odd')
  })
})
