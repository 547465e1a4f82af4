import type { IncomingHttpHeaders } from 'node:http'
import type { Money } from '../../models/money.ts'
import type { Attempt, Gateway, OpenDetails } from '../../server/payment/gateway.ts'

/** What a simulated platform can be made to do wrong, in the words of the suite. */
export const faults = [
  'answer lost after the work is done',
  'no answer at all',
  '500 with HTML before the work',
  '500 with HTML after the work',
  'JSON cut off',
  'too many requests',
  'first request still running',
  'refund answer lost',
  'refund refused with 500',
  'reads answered with 500',
  'reads answered with HTML',
  'amount off by one',
  'another currency',
  'captured less',
  'payer’s currency converted',
  'unknown status',
  'currency in the other case',
  'keys in the other case',
  'numbers as strings',
  'another payment in the answer',
  'a payment of the other environment',
  'webhook before the answer',
  'webhooks twice',
  'webhooks reversed',
  'webhook signature wrong',
  'webhook signature missing',
  'webhook signature short',
  'webhook body altered',
  'webhook stale',
  'webhook with two signatures',
  'webhook of the other environment',
  'webhook in an old version',
  'webhooks about others',
] as const
export type Fault = (typeof faults)[number]

export interface Webhook {
  headers: IncomingHttpHeaders
  body: Buffer
}

/** One way of one gateway, before a simulator of its platform, as the suite drives it. */
export interface Bench {
  gateway: Gateway
  /** The same account with a deadline of a fraction of a second. */
  impatient: Gateway
  /** With keys that the platform does not know. */
  stranger: Gateway
  /** Without a webhook secret; undefined where there is none anyway. */
  unsigned: Gateway | undefined
  /** Pointed at an address where nobody listens. */
  unreachable: Gateway
  method: string
  money: Money
  /** Why an attempt cannot be found by our own reference, where that is so. */
  cannotLookUp?: string
  /** Fresh details, with a token where the method needs one; nobody has been charged for it yet. */
  details(): Promise<OpenDetails>
  /** Details with which the payment is declined; undefined where declining is an act of the customer. */
  declined?(): Promise<OpenDetails>
  /** What the customer does at the platform. Undefined: it cannot happen with this method. */
  customer: {
    pays(attempt: Attempt): Promise<void>
    declines?(attempt: Attempt): Promise<void>
    cancels?(attempt: Attempt): Promise<void>
    paysLate?(attempt: Attempt): Promise<void>
  }
  /** A refusal is not the end: the customer may try again at the platform, and the attempt stays open. */
  triesAgain?: true
  /** Where opening alone causes no event: opens one and does what the platform tells of first. */
  firstNews?(): Promise<Attempt>
  /** Where the customer is given a code to pay by later: takes it. */
  voucher?(attempt: Attempt): Promise<void>
  /** Lets the platform's own time-out for the attempt pass. */
  runsOut?(attempt: Attempt): Promise<void>
  /** How many payments the platform has for the attempt, paid or not. */
  payments(attempt: Attempt): number
  /** Of those, how many anybody was told how to make, where only the answer to the opening tells it. */
  payable?(attempt: Attempt): number
  /** A payment is in no list of the platform before its customer has begun it there. */
  unlisted?: true
  refunds(attempt: Attempt): number[]
  /** Somebody gives the whole back in the platform's own dashboard. */
  givenBackByHand?(attempt: Attempt): Promise<void>
  /** Turns a fault on, for the next `times` occasions or until `calm`. False: this platform cannot do that. */
  fault(name: Fault, times?: number): boolean
  calm(): void
  /** Webhooks that have arrived since the last call. */
  webhooks(): Promise<Webhook[]>
  /** Any body, signed as the platform would; undefined where it signs nothing. */
  sign?(body: Buffer): IncomingHttpHeaders
  /** Words that must appear in no error, report or log. */
  secrets: string[]
  close(): void
}

export interface GatewayDriver {
  /** Why there is no bench at all: a gateway without a platform. */
  inapplicable?: string
  /** One bench for each method. */
  start(): Promise<Bench[]>
}

let number = 0
/** A stored attempt, as the core would hand it to the gateway. */
export const newAttempt = ({ method, money }: Pick<Bench, 'method' | 'money'>): Attempt => {
  number += 1
  const at = Date.now()
  return {
    id: `attempt-${process.pid}-${number}`,
    method,
    money,
    refs: [],
    createdAt: new Date(at),
    now: new Date(),
    expiresAt: new Date(at + 15 * 60_000),
  }
}
