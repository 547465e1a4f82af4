import type { Language } from '../../models/states.ts'
import { formatDate, hasWord, translate } from '../language/index.ts'
import type { OrderView } from '../pipeline/contract.ts'
import type { Fields } from './form.ts'

/** One of several things to choose from. */
interface Option {
  value: string
  title: string
  note: string
  end: string
  chosen: boolean
  /** Minor units, where choosing it costs something: the form says what was shown. */
  cost?: number
}

/** The couriers and pickup points, each with its cost: choosing one accepts what is printed beside it. */
export function waysToSend(
  { couriers, points, delivery }: OrderView,
  { fields, money, language }: { fields: Fields; money(amount: number): string; language: Language },
): Option[] {
  const now =
    delivery && (delivery.type === 'pickup' ? `point ${delivery.pointId}` : `courier ${delivery.companyName}`)
  const wanted = fields.get('sending') ?? now
  const options = [
    ...couriers.map(({ companyName, cost, estimatedDate }) => ({
      value: `courier ${companyName}`,
      title: companyName,
      note: translate(language, 'checkout.delivery.arrives', {
        day: formatDate(new Date(`${estimatedDate}T12:00:00Z`), language, 'UTC'),
      }),
      end: cost ? money(cost) : translate(language, 'checkout.free'),
      cost,
    })),
    ...points.map(({ id, name, address }) => ({
      value: `point ${id}`,
      title: translate(language, 'checkout.delivery.pickup', { name }),
      note: address,
      end: translate(language, 'checkout.free'),
      cost: 0,
    })),
  ]
  const chosen = options.some(({ value }) => value === wanted) ? wanted : options[0]?.value
  return options.map((option) => ({ ...option, chosen: option.value === chosen }))
}

/** What the pipeline is told of a way to send. */
export function sendingIn(fields: Fields): Record<string, unknown> | null {
  const [, type, name = ''] = /^(courier|point) (.+)$/.exec(fields.get('sending') ?? '') ?? []
  if (type === 'courier') return { type: 'courier', companyName: name, costConfirmed: true }
  return type === 'point' ? { type: 'pickup', pointId: name } : null
}

/** The ways to pay that need no script of a platform: the first is the page where everything can be chosen. */
export function waysToPay(
  { methods, payment }: OrderView,
  { fields, language }: { fields: Fields; language: Language },
): { first: Option; more: Option[]; open: boolean } | null {
  const usable = methods.filter(({ needsCardToken }) => !needsCardToken)
  const wanted = fields.get('method') ?? (payment && `${payment.gateway} ${payment.method}`)
  const hosted = usable.find(({ method }) => method === 'ipaymu') ?? usable[0]
  const sorted = hosted ? [hosted, ...usable.filter((one) => one !== hosted)] : []
  const values = sorted.map(({ gateway, method }) => `${gateway} ${method}`)
  const chosen = wanted && values.includes(wanted) ? wanted : values[0]
  const [first, ...more] = sorted.map(({ gateway, method, group }): Option => {
    const value = `${gateway} ${method}`
    const word = (key: string) => (hasWord(key) ? translate(language, key) : '')
    return {
      value,
      title: word(`checkout.method.name.${method}`) || method,
      note: word(`checkout.method.note.${method}`) || (group ? word(`checkout.method.group.${group}`) : ''),
      end: '',
      chosen: value === chosen,
    }
  })
  return first ? { first, more, open: !first.chosen } : null
}

/** The gateway and the method that a form names. */
export function methodIn(fields: Fields): { gateway: string; method: string } | null {
  const [gateway, method] = (fields.get('method') ?? '').split(' ')
  return gateway && method ? { gateway, method } : null
}
