import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Language, languages } from '../../models/states.ts'
import { root } from '../settings.ts'

/** A catalogue of one language: sections of texts, or of plural forms (`one`, `few`, `many`, `other`). */
interface Messages {
  [key: string]: string | Messages
}

const kept = new Map<Language, Messages>()
/** Whoever has no word of their own hears this one. */
const fallback: Language = 'en'

/**
 * The text under a dotted key, with `{name}` replaced; `count` chooses the plural form. The same catalogues and rules
 * as the screens have. A language that lacks the key speaks English; a key that no language has is shown as it is.
 */
export function translate(
  language: Language,
  key: string,
  values: Record<string, string | number> = {},
): string {
  const speaking = find(catalogue(language), key) === undefined ? fallback : language
  const found = find(catalogue(speaking), key)
  if (found === undefined) return key
  return fill(typeof found === 'string' ? found : plural(found, speaking, values['count']), values)
}

/** Whether there is a text under this key: for codes that come from outside. */
export const hasWord = (key: string): boolean => find(catalogue(fallback), key) !== undefined

/** A word of the catalogue where it has one. */
export const wordOr = (language: Language, key: string, otherwise: string): string =>
  hasWord(key) ? translate(language, key) : otherwise

function catalogue(language: Language): Messages {
  const known = kept.get(language)
  if (known) return known
  const file = join(root, 'locales', `${languages.includes(language) ? language : fallback}.json`)
  const messages = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Messages) : {}
  kept.set(language, messages)
  return messages
}

/** Codes have dots of their own, so a key may name `a.b` inside one section as well as `b` inside section `a`. */
function find(section: Messages, key: string): string | Messages | undefined {
  if (Object.hasOwn(section, key)) return section[key]
  for (let dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
    const name = key.slice(0, dot)
    const inner = Object.hasOwn(section, name) ? section[name] : undefined
    const found = typeof inner === 'object' ? find(inner, key.slice(dot + 1)) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function plural(forms: Messages, language: Language, count: string | number | undefined): string {
  const form = forms[new Intl.PluralRules(language).select(Number(count ?? 0))] ?? forms['other']
  return typeof form === 'string' ? form : ''
}

const fill = (text: string, values: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  )
