import type { Language } from '../../models/states.ts'
import { AppError, type InputProblem } from '../http/index.ts'
import { formatMoney, hasWord, translate } from '../language/index.ts'
import type { OrderView } from '../pipeline/contract.ts'
import { ContextChanged } from '../pipeline/index.ts'

/** One thing that a page has to say before all else. */
export interface Said {
  look: 'good' | 'note' | 'warn' | 'bad'
  title: string
  text: string
}

/** An error that its reader can do something about; what broke on our side is answered as everywhere. */
export const isForReader = (error: unknown): error is AppError =>
  error instanceof AppError && error.status < 500 && error.status !== 404

/** What went wrong, in the reader's words. */
export function noticeOf(error: AppError, language: Language): Said {
  const say = (key: string) => translate(language, key)
  const known = `errors.${error.code}`
  if (error.code === 'payment.declined') {
    const { failureCode } = (error.details ?? {}) as { failureCode?: string | null }
    return { look: 'bad', title: say('myOrders.linkFailed.title'), text: failureText(failureCode, language) }
  }
  const text = hasWord(known) ? say(known) : error.message
  const names = error instanceof ContextChanged ? error.changes.flatMap(({ name }) => name ?? []) : []
  return {
    look: 'warn',
    title: say('myOrders.problem'),
    text: [text, names.join(', ')].filter(Boolean).join(' '),
  }
}

/** Which fields of the form the server did not take. */
export const wrongFields = ({ details }: AppError): string[] =>
  Array.isArray(details) ? (details as InputProblem[]).map(({ field }) => field) : []

/** Why nothing came of the last attempt. */
export function failureText(code: string | null | undefined, language: Language): string {
  const key = `checkout.failed.code.${code}`
  return translate(language, code && hasWord(key) ? key : 'myOrders.linkFailed.text')
}

/** What is true of an order now, where there is more to say than its two words. */
export function stateNotice(
  order: OrderView,
  { language, left }: { language: Language; left: boolean },
): Said | null {
  const said = (look: Said['look'], key: string, values: Record<string, string> = {}): Said => ({
    look,
    title: translate(language, `myOrders.${key}.title`, values),
    text: translate(language, `myOrders.${key}.text`, values),
  })
  const amount = formatMoney(order.totals.total, order.currency as 'IDR', language)
  switch (order.state) {
    case 'DRAFT':
      return attemptNotice(order, language)
    case 'AWAITING_PAYMENT':
      return waitingNotice(order, { said, leftWords: left ? leftWords(language) : null })
    case 'EXPIRED':
      return said('warn', 'expired')
    case 'CANCELED':
      return said('bad', 'cancelled')
    case 'COMPENSATING':
      return said('note', 'returning', { amount })
    case 'MANUAL_REVIEW':
      return said('note', 'review')
    default:
      return said('good', 'paid', { amount })
  }
}

/** The attempt before came to nothing, and the order can still be paid. */
function attemptNotice({ attempt }: OrderView, language: Language): Said | null {
  const say = (key: string) => translate(language, key)
  switch (attempt?.state) {
    case 'FAILED':
      return {
        look: 'bad',
        title: say('checkout.failed.title'),
        text: failureText(attempt.failureCode, language),
      }
    case 'CANCELED':
      return {
        look: 'note',
        title: say('checkout.failed.canceledTitle'),
        text: say('checkout.failed.canceledText'),
      }
    case 'EXPIRED':
      return {
        look: 'warn',
        title: say('checkout.failed.expiredTitle'),
        text: say('checkout.failed.expiredText'),
      }
    default:
      return null
  }
}

const leftWords = (language: Language): Said => ({
  look: 'note',
  title: translate(language, 'checkout.waiting.leftTitle'),
  text: translate(language, 'checkout.waiting.leftText'),
})

function waitingNotice(
  { attempt }: OrderView,
  { said, leftWords }: { said(look: Said['look'], key: string): Said; leftWords: Said | null },
): Said {
  if (attempt?.state === 'UNKNOWN') return said('warn', 'network')
  if (leftWords && attempt?.next?.kind === 'redirect') return leftWords
  const knows = attempt?.next && attempt.next.kind !== 'checking'
  return said('note', knows ? 'pending' : 'checking')
}
