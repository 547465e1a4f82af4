import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ShopSettings } from '../../models/shop.ts'
import { root } from '../settings.ts'

/** A catalogue as it lies in `locales/`: texts, or sections and plural forms of them. */
export interface Catalogue {
  [key: string]: string | Catalogue
}

const fileOf = (language: string) => join(root, 'locales', `${language}.json`)
const read = new Map<string, Catalogue>()

/** Whether there is a catalogue. The name comes from outside. */
const hasLanguage = (language: string): boolean => /^[a-z]{2}$/.test(language) && existsSync(fileOf(language))

/** What the catalogue's page says besides its own words: the rest of the checkout's would only weigh on it. */
const sharedWithCatalogue = [
  'noScript',
  'secure',
  'backToChat',
  'closeByHand',
  'items',
  'changes',
  'footer',
  'catalogue',
]

/** What a customer's page needs of a language: its own texts, and those of the errors. Everything without a page. */
export function wordsOf(language: string, page?: 'checkout' | 'catalogue'): Catalogue {
  const words = wordsIn(language)
  const { checkout, errors } = words
  if (!page || typeof checkout !== 'object' || !errors) return words
  const needed = Object.entries(checkout).filter(([name]) =>
    page === 'catalogue' ? sharedWithCatalogue.includes(name) : name !== 'catalogue',
  )
  return { checkout: Object.fromEntries(needed), errors }
}

function wordsIn(language: string): Catalogue {
  let words = read.get(language)
  if (!words) {
    const { checkout = {}, errors = {} } = JSON.parse(readFileSync(fileOf(language), 'utf8')) as Catalogue
    words = { checkout, errors }
    read.set(language, words)
  }
  return words
}

/** The first wish that the shop speaks and that we have words for; else the shop's own language. */
export function chooseLanguage(
  wishes: (string | undefined)[],
  shop: Pick<ShopSettings, 'language' | 'languages'>,
): string {
  const spoken = spokenBy(shop)
  const wish = wishes.find((language) => language && spoken.includes(language))
  return wish ?? spoken.find((language) => language === shop.language) ?? spoken[0] ?? 'en'
}

/** The shop's languages, as far as there are words for them. */
export const spokenBy = ({ languages }: Pick<ShopSettings, 'languages'>): string[] =>
  languages.filter(hasLanguage)
