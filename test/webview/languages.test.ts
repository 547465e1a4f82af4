import assert from 'node:assert/strict'
import { currencies } from '../../models/money.ts'
import { languages } from '../../models/states.ts'
import * as onServer from '../../server/language/index.ts'
import { wordsOf } from '../../server/pages/words.ts'
import { dayAndTime } from '../../webview/kit/dates.ts'
import { createWords } from '../../webview/kit/i18n.ts'
import * as onScreen from '../../webview/kit/money.ts'

describe('the languages of customers', () => {
  it('write money on cards and mails exactly as on the screen', () => {
    for (const language of languages) {
      for (const currency of currencies) {
        for (const amount of [0, 5, 1234, 123_450, 123_456_700, -9900]) {
          assert.equal(
            onServer.formatMoney(amount, currency, language),
            onScreen.formatMoney(amount, currency, language),
          )
        }
      }
    }
    assert.equal(onServer.formatMoney(1_250_000, 'IDR', 'id'), 'Rp12.500')
    assert.equal(onServer.formatMoney(12_500, 'JPY', 'ja'), '¥12,500')
    assert.equal(onServer.formatMoney(1_250_050, 'RUB', 'ru'), '12\u00a0500,50\u00a0₽')
  })

  it('write days and times on the screen as their readers do', () => {
    const now = '2026-11-21T04:00:00.000Z'
    const written = (language: string, moment: string) =>
      dayAndTime(moment, now, 'Asia/Tokyo', createWords(language, wordsOf(language, 'checkout')))
    assert.equal(written('en', '2026-11-25T05:30:00Z'), 'Wed 25 Nov 14:30')
    assert.equal(written('ja', '2026-11-25T05:30:00Z'), '11月25日（水） 14:30')
    assert.equal(written('id', '2026-11-25T05:30:00Z'), 'Rab, 25 Nov pukul 14.30')
    assert.equal(written('ja', '2026-11-21T05:30:00Z'), '本日 14:30')
    assert.equal(written('ru', '2026-11-25T05:30:00Z'), 'ср, 25 ноября, 14:30')
    assert.equal(written('tk', '2026-11-25T05:30:00Z'), '25 noýabr, çar, 14:30')
  })

  it('write days and times on cards and in mails as their readers do', () => {
    const at = new Date('2026-11-25T05:30:00Z')
    const written = (language: (typeof languages)[number]) =>
      onServer.formatDateTime(at, language, 'Asia/Tokyo').replaceAll('\u202f', ' ')
    assert.equal(written('th'), '25 พ.ย. 2569 14:30')
    assert.equal(written('ja'), '2026年11月25日 14:30')
    assert.equal(written('id'), '25 Nov 2026, 14.30')
    assert.equal(written('ru'), '25 нояб. 2026 г., 14:30')
    assert.equal(written('tk'), '25 noý 2026, 14:30')
  })
})

describe('what a browser asks for', () => {
  const { acceptedLanguages } = onServer

  it('is read by its weights, without countries', () => {
    assert.deepEqual(acceptedLanguages('ja-JP,ja;q=0.9,en;q=0.5'), ['ja', 'en'])
    assert.deepEqual(acceptedLanguages('en;q=0.3, ru-RU, tk;q=0.8'), ['ru', 'tk', 'en'])
    assert.deepEqual(acceptedLanguages('th;q=0, en'), ['en'])
  })

  it('knows Indonesian by its old name', () => {
    assert.deepEqual(acceptedLanguages('in-ID,in;q=0.9'), ['id'])
  })

  it('is nothing where nothing is said', () => {
    for (const header of [undefined, '', '*', ';;,,=', '*/*;q=x'])
      assert.deepEqual(acceptedLanguages(header), [])
  })
})
