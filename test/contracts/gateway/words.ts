import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { languages } from '../../../models/states.ts'
import { root } from '../../../server/settings.ts'
import { methodTitle } from '../../../webview/kit/methods.ts'
import type { Bench } from '../../support/gateway-bench.ts'

/** A customer reads what a way to pay is called, and staff what its gateway is called. */
export function words(name: string, { gateway }: Bench): void {
  it('has a name for each of its methods in every language, and one of its own for staff', () => {
    for (const language of languages) {
      const catalogue = JSON.parse(readFileSync(join(root, 'locales', `${language}.json`), 'utf8'))
      const look = (key: string) => key.split('.').reduce((part, step) => part?.[step], catalogue)
      const spoken = { has: (key: string) => typeof look(key) === 'string', t: (key: string) => look(key) }
      for (const { name: method } of gateway.methods) {
        assert.notEqual(methodTitle(method, spoken), method, `${language} calls ${method} nothing`)
      }
      if (language === 'en' || language === 'th') assert.ok(catalogue.console[`gateway.${name}`], language)
    }
  })
}
