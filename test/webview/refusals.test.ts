import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../server/settings.ts'
import { englishIn } from '../support/english.ts'

const refusedIn = (language: string): [code: string, text: string][] => {
  const { console } = JSON.parse(readFileSync(join(root, 'locales', `${language}.json`), 'utf8')) as {
    console: Record<string, string>
  }
  return Object.entries(console).flatMap(([key, text]) =>
    key.startsWith('refused.') ? [[key.slice('refused.'.length), text] as [string, string]] : [],
  )
}

describe('what staff are refused', () => {
  it('is said in Thai', () => {
    assert.ok(refusedIn('th').length > 50)
    assert.deepEqual(
      refusedIn('th').filter(([, text]) => englishIn(text)),
      [],
    )
  })

  it('has words for refusals that there are', () => {
    const sources = readdirSync(join(root, 'server'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, 'server', file), 'utf8'))
      .join('\n')
    assert.deepEqual(
      refusedIn('en').filter(([code]) => !sources.includes(`'${code}'`)),
      [],
    )
  })
})
