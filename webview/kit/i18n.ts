import { type InjectionKey, inject, type Ref, ref, shallowRef } from 'vue'

/** A catalogue of one language: sections of texts, or of plural forms (`one`, `few`, `many`, `other`). */
export interface Messages {
  [key: string]: string | Messages
}

export interface Words {
  language: Readonly<Ref<string>>
  /** The text under a dotted key, with `{name}` replaced. `count` chooses the plural form. */
  t(key: string, values?: Record<string, string | number>): string
  /** Whether there is a text under this key: for codes that come from outside. */
  has(key: string): boolean
  /** Changes the language of everything on the screen. */
  speak(language: string, messages: Messages): void
}

/** The words of one screen, in one language at a time. A missing key is shown as it is. */
export function createWords(first: string, catalogue: Messages): Words {
  const language = ref(first)
  const messages = shallowRef(catalogue)
  return {
    language,
    t(key, values = {}) {
      const found = find(messages.value, key)
      if (found === undefined) return key
      return fill(typeof found === 'string' ? found : plural(found, language.value, values['count']), values)
    },
    has: (key) => find(messages.value, key) !== undefined,
    speak(next, its) {
      messages.value = its
      language.value = next
    },
  }
}

export const wordsKey: InjectionKey<Words> = Symbol('words')

/** The words that the screen was given. */
export function useWords(): Words {
  const words = inject(wordsKey)
  if (!words) throw new Error('No words: provide wordsKey where the screen is made')
  return words
}

/** Codes have dots of their own, so a key may name `a.b` inside one section as well as `b` inside section `a`. */
function find(section: Messages, key: string): string | Messages | undefined {
  const whole = section[key]
  if (whole !== undefined) return whole
  for (let dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
    const inner = section[key.slice(0, dot)]
    const found = typeof inner === 'object' ? find(inner, key.slice(dot + 1)) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function plural(forms: Messages, language: string, count: string | number | undefined): string {
  const form = forms[new Intl.PluralRules(language).select(Number(count ?? 0))] ?? forms['other']
  return typeof form === 'string' ? form : ''
}

const fill = (text: string, values: Record<string, string | number>) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
