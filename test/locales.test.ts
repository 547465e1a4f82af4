import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
const languages = readdirSync(join(root, 'locales')).map((name) => name.replace('.json', ''))

/** Every text with its dotted key. Plural forms count as the one text that they are. */
function textsOf(catalogue: Catalogue, before = ''): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [name, value] of Object.entries(catalogue)) {
    const key = before ? `${before}.${name}` : name
    if (typeof value === 'string') texts.set(key, value)
    else if ('other' in value && Object.keys(value).every((form) => plurals.has(form))) {
      texts.set(key, Object.values(value).join(' '))
    } else for (const [inner, text] of textsOf(value, key)) texts.set(inner, text)
  }
  return texts
}

const valuesIn = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort().join(' ')

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
  const english = textsOf(read('en'))

  for (const language of languages) {
    it(`say the same things in ${language} as in English, with the same values`, () => {
      const texts = textsOf(read(language))
      assert.deepEqual([...texts.keys()].sort(), [...english.keys()].sort())
      const different = [...texts].filter(
        ([key, text]) => valuesIn(text) !== valuesIn(english.get(key) ?? ''),
      )
      assert.deepEqual(different, [])
      assert.deepEqual(
        [...texts].filter(([, text]) => !text.trim()),
        [],
      )
    })
  }

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
    assert.notEqual(valuesIn('{name} paid'), valuesIn('{who} paid'))
    assert.deepEqual([...textsOf({ a: { one: '{n} item', other: '{n} items' } }).keys()], ['a'])
  })
})
