import assert from 'node:assert/strict'
import { wordsOf } from '../../server/pages/words.ts'
import { dayAndTime, dayName, timeLeft } from '../../webview/kit/dates.ts'
import { createWords } from '../../webview/kit/i18n.ts'
import { formatMoney } from '../../webview/kit/money.ts'

describe('the words of a screen', () => {
  const words = createWords('en', {
    greeting: 'Hello {name}, {unknown}',
    items: { one: '{count} item', other: '{count} items' },
    errors: { 'order.stale': 'flat', order: { closed: 'nested' } },
  })

  it('are filled in, and what is not known stays as it is', () => {
    assert.equal(words.t('greeting', { name: 'Nok' }), 'Hello Nok, {unknown}')
    assert.equal(words.t('no.such.key'), 'no.such.key')
    assert.equal(words.has('no.such.key'), false)
  })

  it('follow the number', () => {
    assert.equal(words.t('items', { count: 1 }), '1 item')
    assert.equal(words.t('items', { count: 3 }), '3 items')
    const russian = createWords('ru', { items: { one: 'товар', few: 'товара', many: 'товаров', other: '-' } })
    assert.deepEqual(
      [1, 2, 5, 21].map((count) => russian.t('items', { count })),
      ['товар', 'товара', 'товаров', 'товар'],
    )
  })

  it('are found whether a code is a key of its own or a path', () => {
    assert.equal(words.t('errors.order.stale'), 'flat')
    assert.equal(words.t('errors.order.closed'), 'nested')
  })
})

describe('money on a screen', () => {
  it('has the sign, the marks and the digits of its currency', () => {
    assert.equal(formatMoney(123_450, 'THB', 'th'), '฿1,234.50')
    assert.equal(formatMoney(123_400, 'THB', 'th'), '฿1,234')
    assert.equal(formatMoney(5, 'THB', 'en'), '฿0.05')
    assert.equal(formatMoney(1234, 'JPY', 'ja'), '¥1,234')
    assert.equal(formatMoney(123_456_789, 'IDR', 'id'), 'Rp1.234.567,89')
    assert.equal(formatMoney(123_450, 'RUB', 'ru'), '1\u00a0234,50\u00a0₽')
    assert.equal(formatMoney(-9900, 'THB', 'th'), '−฿99')
    assert.equal(formatMoney(0, 'THB', 'th'), '฿0')
  })
})

describe('a moment on a screen', () => {
  const words = createWords('th', wordsOf('th'))
  const zone = 'Asia/Bangkok'
  const now = '2026-11-21T18:00:00.000Z'

  it("is written on the shop's clock, whatever the phone's is", () => {
    // One in the morning of the 22nd in Bangkok.
    assert.equal(dayName('2026-11-22', now, zone, words), 'วันนี้')
    assert.equal(dayName('2026-11-23', now, zone, words), 'พรุ่งนี้')
    assert.equal(dayName('2026-11-25', now, zone, words), 'พ. 25 พ.ย.')
    assert.equal(dayAndTime('2026-11-22T07:30:00Z', now, zone, words), 'วันนี้ 14:30 น.')
  })

  it('counts down, and never below nothing', () => {
    assert.equal(timeLeft(15 * 60_000), '15:00')
    assert.equal(timeLeft(59_001), '01:00')
    assert.equal(timeLeft(3_600_000 + 9000), '1:00:09')
    assert.equal(timeLeft(-5), '00:00')
  })
})
