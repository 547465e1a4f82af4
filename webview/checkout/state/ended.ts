import type { OrderView } from '../../../server/pipeline/contract.ts'

export interface Ended {
  look: 'bad' | 'warn' | 'note'
  /** Keys of the words. */
  title: string
  text: string
}

/** How the last attempt ended, in words, while the order waits to be paid again; null while there is nothing to say. */
export function howItEnded({ state, attempt }: OrderView, has: (key: string) => boolean): Ended | null {
  if (state !== 'DRAFT' || !attempt) return null
  if (attempt.state === 'FAILED') {
    const key = `checkout.failed.code.${attempt.failureCode}`
    return {
      look: 'bad',
      title: 'checkout.failed.title',
      text: has(key) ? key : 'checkout.failed.code.other',
    }
  }
  if (attempt.state === 'EXPIRED') {
    return { look: 'warn', title: 'checkout.failed.expiredTitle', text: 'checkout.failed.expiredText' }
  }
  if (attempt.state === 'CANCELED') {
    return { look: 'note', title: 'checkout.failed.canceledTitle', text: 'checkout.failed.canceledText' }
  }
  return null
}
