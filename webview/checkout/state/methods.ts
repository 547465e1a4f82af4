import type { OfferedMethod } from '../../../server/payment/contract.ts'
import type { Words } from '../../kit/i18n.ts'

/** One way to pay, as the customer chooses it. */
export interface Choice {
  /** `gateway:method` */
  value: string
  title: string
  note: string
  isCard: boolean
  /** Of an instalment plan: whose it is, and over how many months. */
  plan?: { bank: string; months: string }
}

/** Ways of one kind, offered as one that unfolds. */
export interface ChoiceGroup {
  name: string
  title: string
  note: string
  choices: Choice[]
}

export const isGroup = (entry: Choice | ChoiceGroup): entry is ChoiceGroup => 'choices' in entry

/**
 * What the customer may choose from: single ways first, those that need no typing before cards, then the kinds that
 * unfold. A kind with one way in it is that way.
 */
export function arrange(methods: OfferedMethod[], words: Pick<Words, 't' | 'has'>): (Choice | ChoiceGroup)[] {
  const groups = new Map<string, Choice[]>()
  const single: Choice[] = []
  for (const offered of methods) {
    const choice = choiceOf(offered, words)
    if (offered.group) groups.set(offered.group, [...(groups.get(offered.group) ?? []), choice])
    else single.push(choice)
  }
  const kinds = [...groups].filter(([, { length }]) => length > 1)
  single.push(...[...groups.values()].filter(({ length }) => length === 1).flat())
  single.sort((one, other) => Number(one.isCard) - Number(other.isCard))
  return [...single, ...kinds.map(([name, choices]) => groupOf(name, choices, words))]
}

function choiceOf(
  { gateway, method, needsCardToken }: OfferedMethod,
  words: Pick<Words, 't' | 'has'>,
): Choice {
  const plan = planOf(method, words)
  return {
    value: `${gateway}:${method}`,
    title: methodTitle(method, words),
    note: wordOr(words, `checkout.method.note.${method}`, ''),
    isCard: needsCardToken,
    ...(plan && { plan }),
  }
}

const groupOf = (name: string, choices: Choice[], words: Pick<Words, 't' | 'has'>): ChoiceGroup => ({
  name,
  title: wordOr(words, `checkout.method.group.${name}`, name),
  note: wordOr(words, `checkout.method.groupNote.${name}`, ''),
  choices,
})

/** A way to pay by its name, or by its bank and months, or by its code where nobody has named it yet. */
export function methodTitle(method: string, words: Pick<Words, 't' | 'has'>): string {
  const plan = planOf(method, words)
  if (plan) return words.t('checkout.method.plan', plan)
  return wordOr(words, `checkout.method.name.${method}`, method)
}

function planOf(method: string, words: Pick<Words, 't' | 'has'>): Choice['plan'] {
  const [, bank, months] = /^installment_(\w+)_(\d+)$/.exec(method) ?? []
  if (!bank || !months) return undefined
  return { bank: wordOr(words, `checkout.method.bank.${bank}`, bank.toUpperCase()), months }
}

const wordOr = ({ t, has }: Pick<Words, 't' | 'has'>, key: string, otherwise: string): string =>
  has(key) ? t(key) : otherwise
