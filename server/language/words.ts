import type { Language } from '../../models/states.ts'
import type { Words } from '../shop/contract.ts'
import { translate } from './translate.ts'

/** What the console says in the reader's language, for whoever reads it elsewhere. */
export function inWords(language: Language, words: Words): string {
  if (typeof words === 'string') return words
  const values = Object.entries(words.values ?? {}).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((one) => inWords(language, one)).join(', ') : value,
  ])
  return translate(language, `console.${words.key}`, Object.fromEntries(values))
}
