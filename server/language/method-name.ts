import type { Language } from '../../models/states.ts'
import { hasWord, translate } from './translate.ts'

/** A way to pay as people call it: shortly where there is such a word, and by its code where nobody has named it yet. */
export function methodName(method: string, language: Language): string {
  const [, bank, months] = /^installment_(\w+)_(\d+)$/.exec(method) ?? []
  if (bank && months) {
    const known = `checkout.method.bank.${bank}`
    const name = hasWord(known) ? translate(language, known) : bank.toUpperCase()
    return translate(language, 'checkout.method.plan', { bank: name, months })
  }
  const key = [`chat.method.${method}`, `checkout.method.name.${method}`].find(hasWord)
  return key ? translate(language, key) : method
}
