import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { languages } from '../models/states.ts'
import { root } from '../server/settings.ts'

interface Catalogue {
  [key: string]: string | Catalogue
}

/** Sections that code asks for with keys of its own; `errors` are asked for by codes from everywhere. */
const asked = ['checkout', 'chat', 'mail', 'console', 'myOrders']
/** Forms of one text by number, as Intl.PluralRules names them. */
const plurals = new Set(['zero', 'one', 'two', 'few', 'many', 'other'])

const read = (language: string) =>
  JSON.parse(readFileSync(join(root, 'locales', `${language}.json`), 'utf8')) as Catalogue

/** The console speaks the languages of the staff; all the rest is seen by customers. */
const consoleLanguages = ['en', 'th']
/** What a button may say: Messenger takes 20 characters, and the bar under LINE's menu 14. */
const longest: Record<string, number> = {
  'chat.menu.bar': 14,
  'chat.menu.catalogue': 20,
  'chat.menu.my_orders': 20,
  'chat.menu.staff': 20,
  'chat.catalogue.look': 20,
  'chat.catalogue.browse': 20,
  'chat.order.checkOut': 20,
  'chat.order.show': 20,
  'chat.sent.track': 20,
  'chat.expired.again': 20,
  'chat.paymentFailed.again': 20,
}

/** Forms of one text by number. */
type Forms = Record<string, string>

/** Every text with its dotted key. Plural forms are one text, and a text without them has the one form `''`. */
function formsOf(catalogue: Catalogue, before = ''): Map<string, Forms> {
  const texts = new Map<string, Forms>()
  for (const [name, value] of Object.entries(catalogue)) {
    const key = before ? `${before}.${name}` : name
    if (typeof value === 'string') texts.set(key, { '': value })
    else if (isPlural(value)) texts.set(key, value)
    else for (const [inner, forms] of formsOf(value, key)) texts.set(inner, forms)
  }
  return texts
}

const isPlural = (value: Catalogue): value is Forms =>
  'other' in value &&
  Object.entries(value).every(([form, text]) => plurals.has(form) && typeof text === 'string')

/** Every text with its dotted key, whatever its forms. */
const textsOf = (catalogue: Catalogue) =>
  new Map([...formsOf(catalogue)].map(([key, forms]) => [key, Object.values(forms).join(' ')]))

const customerSees = (key: string) => !key.startsWith('console.')

const valuesIn = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()

/** A form that stands for a single number may leave the number out: "one piece". */
function standsForOne(language: string, form: string): boolean {
  const rules = new Intl.PluralRules(language)
  return (
    Array.from({ length: 200 }, (_, number) => rules.select(number)).filter((one) => one === form).length ===
    1
  )
}

/** What is wrong with the forms of one text, told from the English ones; '' when nothing is. */
function wrongForms(language: string, forms: Forms, english: Forms): string {
  const needed = '' in english ? [''] : new Intl.PluralRules(language).resolvedOptions().pluralCategories
  if (needed.toSorted().join() !== Object.keys(forms).toSorted().join())
    return `needs the forms ${needed.join(', ')}`
  const values = valuesIn(Object.values(english).join(' '))
  for (const [form, text] of Object.entries(forms)) {
    if (!text.trim()) return 'is empty'
    const due =
      standsForOne(language, form) && !text.includes('{count}')
        ? values.filter((one) => one !== '{count}')
        : values
    if (due.join() !== valuesIn(text).join()) return `needs the values ${due.join(' ')}`
  }
  return ''
}

/** A sentence that is the English one still. Names of ways to pay are the same everywhere. */
const isEnglishStill = (key: string, text: string, english: string | undefined) =>
  text === english &&
  !key.startsWith('checkout.method.') &&
  (text.replaceAll(/\{\w+\}/g, '').match(/\p{L}+/gu) ?? []).length > 2

/** Keys that code names whole, and beginnings of those that it completes as it runs. */
interface Named {
  whole: Set<string>
  beginnings: string[]
}

function namedIn(sources: string[]): Named {
  const named: Named = { whole: new Set(), beginnings: [] }
  for (const source of sources) {
    for (const [, key = ''] of source.matchAll(/['"`]([\w.-]+)['"`]/g)) named.whole.add(key)
    for (const [, key = ''] of source.matchAll(/`([\w.-]*\w\.[\w.-]*|[\w-]+\.)\$\{/g))
      named.beginnings.push(key)
    for (const [, key = ''] of source.matchAll(/['"]([\w.-]+\.)['"]/g)) named.beginnings.push(key)
  }
  return named
}

/** A section may be asked for with its own name in front, or without by screens that know only one. */
function isNamed(key: string, { whole, beginnings }: Named): boolean {
  const inner = key.slice(key.indexOf('.') + 1)
  return (
    whole.has(key) ||
    whole.has(inner) ||
    beginnings.some((beginning) => key.startsWith(beginning) || inner.startsWith(beginning))
  )
}

/** Keys that the customer's page asks for by name. */
const askedFor = (sources: string[]) =>
  sources.flatMap((source) =>
    [...source.matchAll(/['"`](checkout\.[\w.]+\w)['"`]/g)].map(([, key = '']) => key),
  )

function sourcesIn(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|vue|hbs)$/.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  )
}

describe('the catalogues', () => {
  const inEnglish = formsOf(read('en'))
  const english = textsOf(read('en'))

  for (const language of languages) {
    it(`say the same things in ${language} as in English, in the forms and with the values that it needs`, () => {
      const texts = formsOf(read(language))
      const due = [...inEnglish.keys()].filter(
        (key) => consoleLanguages.includes(language) || customerSees(key),
      )
      assert.deepEqual([...texts.keys()].sort(), due.sort())
      const wrong = [...texts].map(([key, forms]) => [
        key,
        wrongForms(language, forms, inEnglish.get(key) ?? {}),
      ])
      assert.deepEqual(
        wrong.filter(([, problem]) => problem),
        [],
      )
    })

    it(`keep the buttons of the chat short enough in ${language}`, () => {
      const texts = textsOf(read(language))
      const long = Object.entries(longest).filter(([key, most]) => (texts.get(key) ?? '').length > most)
      assert.deepEqual(long, [])
    })
  }

  for (const language of languages.filter((one) => one !== 'en')) {
    it(`leave no sentence in English in ${language}`, () => {
      const texts = [...textsOf(read(language))]
      assert.deepEqual(
        texts.filter(([key, text]) => isEnglishStill(key, text, english.get(key))),
        [],
      )
    })
  }

  it('are those of the languages that a shop can speak', () => {
    assert.deepEqual(readdirSync(join(root, 'locales')).sort(), languages.map((one) => `${one}.json`).sort())
  })

  it('hold nothing that nobody says', () => {
    const named = namedIn(sourcesIn('webview', 'bot', 'server'))
    const unused = [...english.keys()].filter((key) => asked.includes(key.split('.')[0] ?? ''))
    assert.deepEqual(
      unused.filter((key) => !isNamed(key, named)),
      [],
    )
  })

  it("hold everything that the customer's page says", () => {
    const missing = askedFor(sourcesIn('webview/checkout', 'webview/kit')).filter((key) => !english.has(key))
    assert.deepEqual([...new Set(missing)], [])
  })
})

describe('the check of the catalogues', () => {
  const source = `t('checkout.known'); t(\`checkout.state.\${state}\`); t('lost')`

  it('sees a text that nobody says, and passes those that are said', () => {
    const named = namedIn([source])
    assert.equal(isNamed('checkout.known', named), true)
    assert.equal(isNamed('checkout.state.paid', named), true)
    assert.equal(isNamed('console.lost', named), true)
    assert.equal(isNamed('checkout.forgotten', named), false)
  })

  it('sees a text that is missing', () => {
    assert.deepEqual(askedFor([source]), ['checkout.known'])
    assert.equal(textsOf({ checkout: { other: 'x' } }).has('checkout.known'), false)
  })

  it('sees different values, and takes plural forms for one text', () => {
    assert.equal(wrongForms('th', { '': '{who} จ่ายแล้ว' }, { '': '{name} paid' }), 'needs the values {name}')
    assert.deepEqual([...textsOf({ a: { one: '{n} item', other: '{n} items' } }).keys()], ['a'])
  })

  it('asks each language for its own plural forms, and each form for its number', () => {
    const english = { one: 'a piece', other: '{count} pieces' }
    assert.equal(wrongForms('en', english, english), '')
    assert.equal(wrongForms('ja', { other: '{count}点' }, english), '')
    assert.equal(wrongForms('ja', { one: '1点', other: '{count}点' }, english), 'needs the forms other')
    assert.equal(
      wrongForms('ru', { one: '{count} штука', other: '{count} штуки' }, english),
      'needs the forms one, few, many, other',
    )
    const russian = { few: '{count} штуки', many: '{count} штук', other: '{count} штуки' }
    assert.equal(wrongForms('ru', { one: '{count} штука', ...russian }, english), '')
    // In Russian this form is for 21 and 31 as well.
    assert.equal(wrongForms('ru', { one: 'одна штука', ...russian }, english), 'needs the values {count}')
  })

  it('sees a sentence that was left in English, and passes names', () => {
    assert.equal(isEnglishStill('chat.away', 'We are closed {now}', 'We are closed {now}'), true)
    assert.equal(isEnglishStill('checkout.method.bank.x', 'First Choice Bank', 'First Choice Bank'), false)
    assert.equal(isEnglishStill('chat.order.total', 'Total', 'Total'), false)
  })
})
