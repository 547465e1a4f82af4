import type { ReadinessRow } from './contract.ts'

/** One line of the *ready to go live* page, before what is known of its connection is added. */
export type Row = Pick<ReadinessRow, 'title' | 'state' | 'detail' | 'advice'> &
  Partial<Pick<ReadinessRow, 'keys'>>

/** Whether the webhook of a platform has ever arrived. */
export function judgeWebhook(title: string, on: boolean, heardAt: Date | null, advice: string): Row {
  if (!on) return off(title, 'It is off.', '')
  return heardAt ? ready(title, 'It arrives.') : attention(title, 'Nothing has arrived yet.', advice)
}

export const ready = (title: string, detail: string, keys: (readonly [string, string])[] = []): Row => ({
  title,
  state: 'ready',
  detail,
  advice: '',
  keys: keys.map(([name, value]) => ({ name, masked: masked(value) })),
})
export const attention = (title: string, detail: string, advice: string): Row => ({
  title,
  state: 'attention',
  detail,
  advice,
})
export const off = (title: string, detail: string, advice: string): Row => ({
  title,
  state: 'off',
  detail,
  advice,
})

/** Enough to recognise a key by, and too little to use it. */
const masked = (key: string): string => (key.length < 12 ? '••••' : `${key.slice(0, 4)}••••${key.slice(-4)}`)
