import type english from '../../locales/en.json'
import type { Words } from '../../server/shop/contract.ts'
import { createWords } from '../kit/i18n.ts'
import { methodTitle } from '../kit/methods.ts'

export type Language = 'th' | 'en'
export type Word = keyof (typeof english)['console']

const catalogues = {
  en: () =>
    import('../../locales/en.json').then(({ console, errors, checkout }) => ({ console, errors, checkout })),
  th: () =>
    import('../../locales/th.json').then(({ console, errors, checkout }) => ({ console, errors, checkout })),
}
const KEPT_AS = 'console.language'
const words = createWords('en', {})

/** The language of the screen. */
export const language = words.language

/** A text of the console, with `{name}` filled in; `count` chooses between one and many. */
export const t = (word: Word, values: Record<string, string | number> = {}): string =>
  words.t(`console.${word}`, values)

/** A word whose end comes from outside, such as a state: the end itself where we have no word for it. */
export const named = (stem: string, end: string): string =>
  words.has(`console.${stem}.${end}`) ? words.t(`console.${stem}.${end}`) : end

/** What the server says by the key of a text; a name, or somebody else's own words, as they are. */
export function say(said: Words): string {
  if (typeof said === 'string') return said
  const values = Object.entries(said.values ?? {}).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(say).join(', ') : value,
  ])
  return words.t(`console.${said.key}`, Object.fromEntries(values))
}

/** A way to pay: shortly where staff have a word of their own, else as the customer reads it. */
export const methodName = (method: string): string =>
  words.has(`console.method.${method}`) ? words.t(`console.method.${method}`) : methodTitle(method, words)

/** What the server means by a code, in the reader's language, where the catalogue has it. Details fill it in. */
export function errorText(code: string, details: unknown): string | undefined {
  if (words.has(`console.refused.${code}`))
    return words.t(`console.refused.${code}`, (details ?? {}) as Record<string, string>)
  return words.has(`errors.${code}`) ? words.t(`errors.${code}`) : undefined
}

/** Shows the screen in this language from now on. */
export async function speak(wanted: Language): Promise<void> {
  words.speak(wanted, await catalogues[wanted]())
  document.documentElement.lang = wanted
}

/** The same, and at the next visit too. */
export async function chooseLanguage(wanted: Language): Promise<void> {
  localStorage.setItem(KEPT_AS, wanted)
  await speak(wanted)
}

/** What was chosen here before; else Thai where the browser asks for it, else English. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT_AS)
  if (kept === 'th' || kept === 'en') return kept
  return navigator.languages.some((tag) => tag.startsWith('th')) ? 'th' : 'en'
}
