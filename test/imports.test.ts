import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// Who may import whom. A folder not listed here (test, bench, scripts) may import anything.
const mayImport: Record<string, RegExp> = {
  models: /^models\//,
  server: /^(models|server)\//,
  // Beside the modules: what every part of the program shares.
  bot: /^(models\/|bot\/|locales\/|server\/[\w-]+\/(index|contract)\.ts$|server\/(settings|log)\.ts$)/,
  webview: /^(webview\/|locales\/|server\/[\w-]+\/contract\.ts$)/,
  sandbox: /^sandbox\//,
}

// The one file that wires everything together, and the tool that looks at everything.
const compositionRoots = ['server/wiring.ts', 'server/verify.ts']

function brokenRule(file: string, target: string): string | undefined {
  const [folder = '', module] = file.split('/')
  const rule = mayImport[folder]
  if (compositionRoots.includes(file) || !rule) return
  if (!rule.test(target)) return `${file} may not import ${target}`

  const [targetFolder, targetModule, ...entry] = target.split('/')
  const isModule = folder === 'server' && targetFolder === 'server' && entry.length > 0
  if (isModule && module !== targetModule && !/^(index|contract)\.ts$/.test(entry.join('/')))
    return `${file} must reach ${targetModule} through its index.ts`
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  return [...source.matchAll(/(?:from|import|import\() ?'(\.[^'?]+)(?:\?[^']*)?'/g)].map(([, path]) =>
    join(dirname(file), path ?? ''),
  )
}

describe('imports', () => {
  it('flow one way between the folders', () => {
    const files = globSync('{bot,models,sandbox,server,webview}/**/*.{ts,vue}')
    const broken = files.flatMap((file) => importsOf(file).map((target) => brokenRule(file, target)))
    assert.ok(files.length > 100)
    assert.deepEqual(broken.filter(Boolean), [])
  })

  it('are seen however they are written', () => {
    const written = importsOf('test/imports.sample.txt')
    assert.deepEqual(written, ['test/a.ts', 'test/b.ts', 'test/c.ts', 'test/d.css', 'e.ts'])
  })

  it('are caught when they flow the wrong way', () => {
    assert.ok(brokenRule('models/order.ts', 'server/order/index.ts'))
    assert.ok(brokenRule('server/start.ts', 'bot/index.ts'))
    assert.ok(brokenRule('server/order/pay.ts', 'bot/channels/line.ts'))
    assert.ok(brokenRule('server/order/pay.ts', 'server/payment/gateways.ts'))
    assert.ok(brokenRule('server/order/pay.ts', 'server/payment/gateways/omise.ts'))
    assert.ok(brokenRule('server/order/pay.ts', 'sandbox/app.ts'))
    assert.ok(brokenRule('bot/inbox.ts', 'server/order/open.ts'))
    assert.ok(brokenRule('webview/checkout/entry-client.ts', 'models/order.ts'))
    assert.ok(brokenRule('webview/console/main.ts', 'server/order/index.ts'))
    assert.ok(brokenRule('sandbox/line/app.ts', 'server/settings.ts'))
  })

  it('are let through where they belong', () => {
    for (const [file, target] of [
      ['server/order/pay.ts', 'server/payment/index.ts'],
      ['server/order/pay.ts', 'server/order/totals.ts'],
      ['server/order/pay.ts', 'server/settings.ts'],
      ['bot/inbox.ts', 'server/conversation/index.ts'],
      ['webview/checkout/App.vue', 'server/pipeline/contract.ts'],
      ['server/wiring.ts', 'bot/index.ts'],
    ] as const) {
      assert.equal(brokenRule(file, target), undefined)
    }
  })
})

describe('the environment', () => {
  it('is read in the settings alone', () => {
    const readers = globSync('{bot,models,server,sandbox,webview}/**/*.{ts,vue}').filter((file) =>
      /process\.env\b/.test(readFileSync(file, 'utf8')),
    )
    assert.deepEqual(readers.toSorted(), ['sandbox/settings.ts', 'server/settings.ts'])
  })
})
