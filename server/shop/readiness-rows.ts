import type { ReadinessRow, Words } from './contract.ts'

/** One line of the *ready to go live* page, before what is known of its connection is added. */
export type Row = Pick<ReadinessRow, 'title' | 'state' | 'detail' | 'advice'> &
  Partial<Pick<ReadinessRow, 'keys'>>

/** Whether the webhook of a platform has ever arrived. */
export function judgeWebhook(name: Words, on: boolean, heardAt: Date | null, advice: Words): Row {
  const title = { key: 'ready.webhookOf', values: { name: [name] } }
  if (!on) return off(title, { key: 'ready.isOff' }, '')
  return heardAt
    ? ready(title, { key: 'ready.webhookHeard' })
    : attention(title, { key: 'ready.webhookSilent' }, advice)
}

export const ready = (title: Words, detail: Words, keys: (readonly [string, string])[] = []): Row => ({
  title,
  state: 'ready',
  detail,
  advice: '',
  keys: keys.map(([name, value]) => ({ name, masked: masked(value) })),
})
export const attention = (title: Words, detail: Words, advice: Words): Row => ({
  title,
  state: 'attention',
  detail,
  advice,
})
export const off = (title: Words, detail: Words, advice: Words): Row => ({
  title,
  state: 'off',
  detail,
  advice,
})

/** How a platform that is off is switched on. */
export const setKeys = (...keys: string[]): Words => ({ key: 'ready.setKeys', values: { keys } })

/** Enough to recognise a key by, and too little to use it. */
const masked = (key: string): string => (key.length < 12 ? '••••' : `${key.slice(0, 4)}••••${key.slice(-4)}`)
