import type { OfferedMethod } from '../../../server/payment/contract.ts'
import type { Words } from '../../kit/i18n.ts'
import { methodTitle, type Plan, planOf, wordOr } from '../../kit/methods.ts'

/** One way to pay, as the customer chooses it. */
export interface Choice {
  /** `gateway:method` */
  value: string
  title: string
  note: string
  isCard: boolean
  plan?: Plan
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
