import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Language, languages } from '../models/states.ts'
import { root } from '../server/settings.ts'

interface Catalogue {
  [key: string]: string | Catalogue
}
type Text = [key: string, text: string]

const read = (language: Language) =>
  JSON.parse(readFileSync(join(root, 'locales', `${language}.json`), 'utf8')) as Catalogue

/** Every text with its dotted key; each form of a plural is a text. */
const textsOf = (catalogue: Catalogue, before = ''): Text[] =>
  Object.entries(catalogue).flatMap(([name, value]) =>
    typeof value === 'string' ? [[before + name, value] as Text] : textsOf(value, `${before}${name}.`),
  )

interface Rule {
  /** What a text must not contain. */
  not: RegExp
  /** Keys that it is about; all of them where it is left out. */
  in?: RegExp
}

/** Words of the shop's own pages and mails, which nobody in particular says. In the chat somebody speaks. */
const pages = /^(checkout|errors|mail|myOrders)\./

/** How a language is written, for every one of its texts. */
const everywhere: Record<string, Rule> = {
  'a space too many': { not: / {2}|^ | $| [,.;!?](\s|$)/, in: /^(?!console\.inbox\.unread)/ },
  'three dots for an ellipsis': { not: /\.\.\./ },
  'a typewriter quotation mark': { not: /"/ },
  'two alphabets in one word': { not: /[a-z]\p{Script=Cyrillic}|\p{Script=Cyrillic}[a-z]/iu },
}

const manners: Record<Language, Record<string, Rule>> = {
  en: {
    'the American spelling': { not: /\b(canceled|canceling|color|catalog|installments?)\b/i },
    'a second word for cancelled or expired': { not: /called? off|(has|have) run out/i },
  },
  th: {
    'an older spelling of chat': { not: /แชท/ },
    'a woman or a man who speaks': { not: /ค่ะ|คะ(?!แนน)|ครับ|นะ(\s|$)/, in: pages },
    'an English full stop': { not: /[\u0e00-\u0e7f]{3}\.$/ },
  },
  id: {
    'another word than Anda': { not: /\b(kamu|kalian|lo|gue|Kakak?|anda)\b/ },
    'more words with a capital than the first': { not: /^[A-Z][a-z]+ (Sekarang|Pesanan|Pembayaran)$/ },
  },
  ja: {
    'half-width marks': { not: /[\u3040-\u30ff\u4e00-\u9fff][,.!?:;()]/ },
    'a sentence that is not polite': { not: /(だ|である|ない|する|(?<![まで]し)た)。/ },
  },
  ru: {
    'a customer spoken to as a friend': { not: /(?<!\p{L})(ты|тебя|тебе|твой|твоя|твои)(?!\p{L})/iu },
    'a customer who is a man': { not: /(?<!\p{L})я (согласен|оплатил|увидел|готов)(?!\p{L})/iu },
    'a capital Вы': { not: /(?<=[\p{L},:] )(Вы|Вас|Вам|Ваш)/u },
    'English quotation marks': { not: /[“”]/ },
  },
  tk: {
    'a letter of another Turkic alphabet': { not: /[ıİğĞâîûəĄ]|\p{Script=Cyrillic}/u },
    'a customer spoken to as a friend': { not: /(?<!\p{L})(sen|seni|saňa|seniň)(?!\p{L})/iu },
    'an ending that only some values can have': {
      not: /\}[’'-]?(den|dan|da|de|iň|yň|y|i|nji|njy)(?!\p{L})|\}-/u,
    },
  },
}

const broken = (texts: Text[], { not, in: about = /^/ }: Rule) =>
  texts.filter(([key, text]) => about.test(key) && not.test(text))

/** What platforms and programs cut, with the values that are written into it. */
const longest: Record<string, { most: number; values?: Record<string, string> }> = {
  // Titles and subtitles of Messenger's templates.
  'chat.catalogue.all': { most: 80 },
  'chat.catalogue.allText': { most: 80 },
  // Mail programs of phones show about so much of a subject.
  ...Object.fromEntries(
    ['receipt', 'sent', 'refunded', 'canceled', 'staffInvite', 'staffReset'].map((mail) => [
      `mail.${mail}.subject`,
      { most: 60, values: { regNo: 'P-000123', shop: 'やまざとマルシェ' } },
    ]),
  ),
}

const filled = (text: string, values: Record<string, string> = {}) =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')

describe('the words of the catalogues', () => {
  for (const language of languages) {
    const texts = textsOf(read(language))
    for (const [mistake, rule] of Object.entries({ ...everywhere, ...manners[language] })) {
      it(`are free of ${mistake} in ${language}`, () => assert.deepEqual(broken(texts, rule), []))
    }

    it(`are as short as what shows them in ${language}`, () => {
      const found = new Map(texts)
      const long = Object.entries(longest).filter(
        ([key, { most, values }]) => filled(found.get(key) ?? '', values).length > most,
      )
      assert.deepEqual(long, [])
    })
  }

  it('are looked at by rules that see a mistake', () => {
    const wrong: Record<string, string> = {
      'two alphabets in one word': 'Cаргыт',
      'an older spelling of chat': 'ทักแชทร้าน',
      'a sentence that is not polite': '支払いが完了した。',
      'a customer who is a man': 'Я согласен',
      'an ending that only some values can have': '{price}-den başlap',
    }
    const rules = { ...everywhere, ...Object.assign({}, ...Object.values(manners)) } as Record<string, Rule>
    for (const [mistake, text] of Object.entries(wrong)) {
      assert.ok(rules[mistake]?.not.test(text), mistake)
    }
  })
})
