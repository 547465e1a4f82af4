import type { Words } from './i18n.ts'

/** Whose instalment plan it is, and over how many months. */
export type Plan = { bank: string; months: string }

/** A way to pay by its name, or by its bank and months, or by its code where nobody has named it yet. */
export function methodTitle(method: string, words: Pick<Words, 't' | 'has'>): string {
  const plan = planOf(method, words)
  if (plan) return words.t('checkout.method.plan', plan)
  return wordOr(words, `checkout.method.name.${method}`, method)
}

/** The instalment plan that a way to pay is, if it is one: `installment_kbank_6`. */
export function planOf(method: string, words: Pick<Words, 't' | 'has'>): Plan | undefined {
  const [, bank, months] = /^installment_(\w+)_(\d+)$/.exec(method) ?? []
  if (!bank || !months) return undefined
  return { bank: wordOr(words, `checkout.method.bank.${bank}`, bank.toUpperCase()), months }
}

/** A word of the catalogue where it has one. */
export const wordOr = ({ t, has }: Pick<Words, 't' | 'has'>, key: string, otherwise: string): string =>
  has(key) ? t(key) : otherwise
