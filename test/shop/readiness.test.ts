import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Connections } from '../../models/shop.ts'
import { inWords } from '../../server/language/index.ts'
import { root, type Settings, useSettings } from '../../server/settings.ts'
import type { Words } from '../../server/shop/contract.ts'
import { listReadiness, raiseTask } from '../../server/shop/index.ts'
import { englishIn } from '../support/english.ts'
import { emptyDatabase, startServer, type TestServer } from '../support/server.ts'

const textsOf = (language: string): Map<string, string> => {
  const { console } = JSON.parse(readFileSync(join(root, 'locales', `${language}.json`), 'utf8')) as {
    console: Record<string, string>
  }
  return new Map(Object.entries(console).filter(([key]) => key.startsWith('ready.')))
}

describe('what is ready, in the words of who reads it', () => {
  let shop: TestServer
  before(async () => {
    shop = await startServer()
  })
  after(() => shop.close())
  beforeEach(emptyDatabase)
  afterEach(() => useSettings(shop.settings))

  const noGateways: Settings['gateways'] = {
    omise: null,
    ipaymu: null,
    komoju: null,
    halkbank: null,
    foreignAffairsBank: null,
    sbp: null,
    promptpay: null,
  }
  const worlds: [name: string, settings: Partial<Settings>][] = [
    ['a simulated world', {}],
    ['the world outside', { sandbox: false, publicUrl: 'https://shop.example.com', https: true }],
    ['an address that is not encrypted', { publicUrl: 'http://shop.example.com', https: false }],
    ['everything switched off', { line: null, messenger: null, smtp: null, gateways: noGateways }],
  ]
  for (const [world, settings] of worlds) {
    it(`is Thai for whoever reads Thai: ${world}`, async () => {
      useSettings({ ...shop.settings, ...settings })
      await spokenWell(await listReadiness())
    })
  }

  it('is Thai when platforms take nothing more, or nothing is heard of a gateway', async () => {
    for (const [kind, subject] of [
      ['channel.token', 'line'],
      ['channel.token', 'messenger'],
      ['gateway.off', 'omise'],
    ] as const)
      await raiseTask({ kind, subject, summary: 'It happened.' })
    useSettings({ ...shop.settings, gateways: { ...shop.settings.gateways, omise: null } })
    const rows = await listReadiness()
    assert.deepEqual(
      rows.filter(({ id }) => ['line', 'messenger', 'omise'].includes(id)).map(({ state }) => state),
      ['attention', 'attention', 'attention'],
    )
    await spokenWell(rows)
    await Connections.create({ _id: 'komoju', lastWebhookAt: new Date() })
    await spokenWell(await listReadiness())
  })

  async function spokenWell(rows: { title: Words; detail: Words; advice: Words }[]): Promise<void> {
    assert.ok(rows.length > 12)
    for (const { title, detail, advice } of rows) {
      for (const words of [title, detail, advice]) {
        const said = inWords('th', words)
        assert.equal(englishIn(said), undefined, said)
        assert.doesNotMatch(said, /console\.|[{}]|undefined/, said)
        // Each has its words in English, too.
        assert.doesNotMatch(inWords('en', words), /console\.|[{}]|undefined/)
      }
    }
  }

  it('has a text for each key that the server answers, and none that it never does', () => {
    const asked = new Set<string>()
    for (const folder of ['server', 'bot', 'webview/console']) {
      for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
        if (!/\.(ts|vue)$/.test(file)) continue
        const source = readFileSync(join(root, folder, file), 'utf8')
        for (const [, key = ''] of source.matchAll(/'(ready\.[\w.]+)'/g)) asked.add(key)
      }
    }
    // Lights are named by their state.
    for (const state of ['ready', 'attention', 'off']) asked.add(`ready.${state}`)
    for (const language of ['en', 'th']) {
      assert.deepEqual([...textsOf(language).keys()].toSorted(), [...asked].toSorted(), language)
    }
  })

  it('is Thai in every text, what tests of connections find among them', () => {
    const english = [...textsOf('th')].filter(([, text]) => englishIn(text))
    assert.deepEqual(english, [])
    const unseen = [...textsOf('en')].filter(([, text]) => text.split(' ').length > 5 && !englishIn(text))
    assert.deepEqual(unseen, [], 'the check itself sees English')
  })
})
