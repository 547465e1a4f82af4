import { type Language, languages } from '../models/states.ts'

type Shop = { language: Language; languages: Language[] }

const scripts: [RegExp, Language][] = [
  [/\p{Script=Thai}/u, 'th'],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Cyrillic}/u, 'ru'],
]

/** The language that somebody seems to write, of those the shop speaks; else the shop's own. */
export function guessLanguage(text: string, shop: Shop): Language {
  const found = scripts.find(([script]) => script.test(text))?.[1]
  return found && shop.languages.includes(found) ? found : shop.language
}

/** A platform's language tag ("th", "en-US") as one of the shop's languages, or null. */
export function knownLanguage(tag: string | null, shop: Shop): Language | null {
  const found = languages.find((language) => language === tag?.slice(0, 2).toLowerCase())
  return found && shop.languages.includes(found) ? found : null
}
