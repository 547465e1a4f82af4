import assert from 'node:assert/strict'
import { isOpen } from '../../bot/hours.ts'
import { guessLanguage, knownLanguage } from '../../bot/language.ts'
import { cut, split } from '../../bot/text.ts'
import { formatDateTime, formatMoney, translate } from '../../server/language/index.ts'

describe('a text for a chat', () => {
  const family = '👩‍👩‍👧‍👦'

  it('is cut between letters, and counted as LINE counts', () => {
    assert.equal(cut('short', 5), 'short')
    assert.equal(cut('longer', 5), 'long…')
    for (let limit = 2; limit < 40; limit++) {
      const piece = cut(family.repeat(5), limit)
      assert(piece.length <= limit)
      assert(piece.isWellFormed())
    }
    assert.equal(cut(`ab${family}cd`, 10), 'ab…')
    assert.equal(cut('กี่กี่', 4), 'กี่…')
  })

  it('is split into pieces that lose nothing', () => {
    const text = `${'word '.repeat(50)}\n${family.repeat(40)}${'ก'.repeat(300)}`
    const pieces = split(text, 100)
    assert(pieces.every((piece) => piece.length <= 100 && piece.isWellFormed()))
    assert.equal(pieces.join('').replace(/\s/g, ''), text.replace(/\s/g, ''))
    assert.deepEqual(split('', 100), [])
    // A single letter may be longer than any message.
    const endless = `e${'\u0301'.repeat(300)}`
    assert.equal(split(endless, 100).join(''), endless)
  })

  it('is in the language that somebody writes, if the shop speaks it', () => {
    const shop = { language: 'en' as const, languages: ['en' as const, 'th' as const] }
    assert.equal(guessLanguage('สวัสดี', shop), 'th')
    assert.equal(guessLanguage('привет', shop), 'en')
    assert.equal(knownLanguage('th-TH', shop), 'th')
    assert.equal(knownLanguage('ja', shop), null)
    assert.equal(knownLanguage(null, shop), null)
  })

  it('has plurals, money and dates as the language has them', () => {
    assert.equal(translate('en', 'chat.order.more', { count: 1 }), 'and 1 more item')
    assert.equal(translate('en', 'chat.order.more', { count: 2 }), 'and 2 more items')
    assert.equal(translate('th', 'chat.order.more', { count: 2 }), 'และอีก 2 รายการ')
    assert.equal(translate('ja', 'console.save'), 'Save', 'English where a language has no word')
    assert.equal(translate('en', 'chat.nothing.here'), 'chat.nothing.here')
    assert.equal(
      translate('en', 'chat.greeting', { shop: '{shop} $& {count}' }).includes('{shop} $& {count}'),
      true,
    )
    assert.equal(formatMoney(123450, 'THB', 'th'), '฿1,234.50')
    assert.equal(formatMoney(1234, 'JPY', 'ja'), '¥1,234')
    assert.equal(formatMoney(-5, 'THB', 'en'), '−฿0.05')
    assert.match(formatDateTime(new Date('2026-11-21T17:30:00Z'), 'th', 'Asia/Bangkok'), /22 .*2569.*00:30/)
  })

  it('may be sent by hand while the shop is open, also past midnight', () => {
    const hours = [{ day: 6, opens: '18:00', closes: '02:00' }]
    const at = (iso: string) => isOpen(hours, 'Asia/Bangkok', new Date(iso))
    assert(at('2026-11-21T12:00:00Z'))
    assert(at('2026-11-21T18:30:00Z'))
    assert(!at('2026-11-21T19:30:00Z'))
    assert(!at('2026-11-20T18:30:00Z'))
    assert(isOpen([], 'Asia/Bangkok', new Date()))
  })
})
