import { type Gateway, Unanswered } from './gateway.ts'
import { gateway as promptPay } from './gateways/promptpay.ts'

/** What is asked of a gateway about an attempt that was begun earlier. */
export type Asked = Pick<
  Gateway,
  'methods' | 'everyMethod' | 'can' | 'pollsPerSecond' | 'check' | 'refund' | 'capture' | 'cancel'
>

/** What can be read back without any keys: only what people here have decided. */
export const withoutKeys: Record<string, Asked> = { promptpay: promptPay('') }

/**
 * Stands for a gateway whose keys are gone, while its attempts are still here. It never answers, so nothing of it is
 * taken for paid, failed or closed; what is given back meanwhile, a person gives back.
 */
export function silent(name: string): Asked {
  const refuse = async () => {
    throw new Unanswered(`${name} is switched off`)
  }
  return {
    methods: [],
    can: { refund: 'none', cancel: true, webhooks: 'none' },
    pollsPerSecond: 1,
    check: refuse,
    refund: refuse,
    capture: refuse,
    cancel: refuse,
  }
}
