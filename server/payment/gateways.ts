import type { Currency, Money } from '../../models/money.ts'
import type { Payment } from '../../models/payment.ts'
import { AppError } from '../http/index.ts'
import type { Settings } from '../settings.ts'
import type { CardForm, OfferedMethod } from './contract.ts'
import type { Gateway, Method } from './gateway.ts'
import { type Asked, silent, withoutKeys } from './gateway-off.ts'
import * as registered from './gateways/index.ts'

const inUse = new Map<string, Gateway>()

/** Builds the gateways that have keys. The others are switched off. */
export function configureGateways(settings: Settings): void {
  inUse.clear()
  for (const [name, factory] of Object.entries(registered)) {
    const gateway = factory(settings)
    if (gateway) inUse.set(name, gateway)
  }
}

/** The gateway of a name; an error for one that is switched off. */
export function gatewayOf(name: string): Gateway {
  const gateway = inUse.get(name)
  if (!gateway) {
    throw new AppError(
      'gateway.off',
      `The payment gateway ${name} is switched off. Set its keys, then start again.`,
      {
        status: 404,
      },
    )
  }
  return gateway
}

/** The gateway of an attempt that was begun earlier, perhaps before its keys were taken out: then it never answers. */
export const gatewayBehind = ({ gateway }: Pick<Payment, 'gateway'>): Asked =>
  inUse.get(gateway) ?? withoutKeys[gateway] ?? silent(gateway)

/** Whether a gateway can be asked nothing any more, though attempts of it may be left. */
export const isOff = (gateway: string): boolean => !inUse.has(gateway) && !Object.hasOwn(withoutKeys, gateway)

/** Whose attempts are looked after: of all that can be asked. */
export const polledGateways = (): string[] => [...new Set([...inUse.keys(), ...Object.keys(withoutKeys)])]

export const gatewaysInUse = (): [string, Gateway][] => [...inUse]

/** Whether an attempt's money is held first, and taken when its order is confirmed. */
export function takesLater({ gateway, method }: Pick<Payment, 'gateway' | 'method'>): boolean {
  const known = inUse.get(gateway)
  return known?.capture !== undefined && methodBegun(known, method)?.captureLater === true
}

/** A method as an attempt was begun with it, though the account may have lost it since. */
const methodBegun = ({ methods, everyMethod = methods }: Asked, method: string): Method | undefined =>
  everyMethod.find(({ name }) => name === method)

/** How much of an attempt's money its gateway can give back. */
export function refundsOf(payment: Pick<Payment, 'gateway' | 'method'>): Gateway['can']['refund'] {
  const known = gatewayBehind(payment)
  return methodBegun(known, payment.method)?.refund ?? known.can.refund
}

/** Whether nothing but our asking tells what became of a gateway's attempts. */
export const isOnlyPolled = (gateway: string): boolean => inUse.get(gateway)?.can.webhooks === 'none'

/** The methods that this amount and currency allow, in the order of registration. */
export function offeredMethods({ amount, currency }: Money): OfferedMethod[] {
  return gatewaysInUse().flatMap(([gateway, { methods }]) =>
    methods
      .filter((method) => allows(method, amount, currency))
      .map(({ name, group, needsCardToken }) => ({
        gateway,
        method: name,
        ...(group && { group }),
        needsCardToken,
      })),
  )
}

/** What the page needs to make a card token, while a card can be used. */
export function cardForm(methods: OfferedMethod[]): CardForm | null {
  const name = methods.find((method) => method.needsCardToken)?.gateway
  const { cardForm: form, forget } = (name && inUse.get(name)) || {}
  return name && form ? { gateway: name, ...form, ...(forget && { remembers: true }) } : null
}

/** A method that may be used for this amount; refuses any other with a reason. */
export function requireMethod(gateway: string, name: string, { amount, currency }: Money): Method {
  const method = inUse.get(gateway)?.methods.find((one) => one.name === name)
  if (!method || !allows(method, amount, currency)) {
    throw new AppError(
      'payment.method',
      'This way to pay is not offered for this amount. Choose another one.',
      { status: 409, reload: true, details: { gateway, method: name } },
    )
  }
  return method
}

function allows(method: Method, amount: number, currency: Currency): boolean {
  const limits = method.amounts[currency]
  if (!limits || amount < limits.min || amount > limits.max) return false
  return amount % (limits.step ?? 1) === 0
}
