import assert from 'node:assert/strict'
import { minorUnits } from '../../models/money.ts'

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
