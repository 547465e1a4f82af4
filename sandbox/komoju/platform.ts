import type { SandboxContext } from '../context.ts'
import { isExpired, paymentBody, sessionBody } from './bodies.ts'
import { type CardTrial, tryCard } from './cards.ts'
import * as change from './changes.ts'
import type { KomojuOptions } from './contract.ts'
import { badRequest, notFound, unprocessable } from './errors.ts'
import { createHooks, type Hooks } from './hooks.ts'
import { newId } from './ids.ts'
import type { NewSession } from './input.ts'
import { platform as name } from './knobs.ts'
import { limits } from './limits.ts'
import type { Json, Method, PaymentRecord, RefundRecord, SessionRecord, Store as Shop } from './records.ts'
import { createStore, type Store } from './store.ts'
import { distortPayment, distortSession } from './view.ts'

/** The account behind the API: its records, and every change with the event that tells of it. */
export interface Platform {
  store: Store
  hooks: Hooks
  secretKey: string
  baseUrl(): string
  now(): number
  session(id: string): SessionRecord
  payment(id: string): PaymentRecord
  /** As they are. */
  sessionBody(session: SessionRecord): Json
  paymentBody(payment: PaymentRecord): Json
  /** As the knobs have the API show them. */
  shownSession(session: SessionRecord): Json
  shownPayment(payment: PaymentRecord): Json
  create(input: NewSession, scenario: string | null): SessionRecord
  /** A card on the session's page: it is charged, refused, or its bank asks first (`threeDs`). */
  payByCard(session: SessionRecord, number: string): CardTrial
  /** What the card's bank says after asking its holder. */
  answerThreeDs(session: SessionRecord, number: string, agreed: boolean): void
  issueCode(session: SessionRecord, details: { store: Shop; email: string }): PaymentRecord
  payAtCounter(payment: PaymentRecord): void
  capture(payment: PaymentRecord): void
  cancelPayment(payment: PaymentRecord): void
  expirePayment(payment: PaymentRecord): void
  cancelSession(session: SessionRecord): void
  refund(
    payment: PaymentRecord,
    wish: { amount?: number | undefined; description?: string | null | undefined },
    byHand?: boolean,
  ): RefundRecord
  /** Expires whatever has run out by now. */
  sweep(): void
}

export function createPlatform(options: KomojuOptions, context: SandboxContext): Platform {
  const { faults, clock } = context
  const store = createStore(context.dataDir ? `${context.dataDir}/komoju.jsonl` : undefined)
  const now = () => clock.now()
  const baseUrl = () => options.baseUrl ?? `${context.url()}/komoju`
  const url = options.webhookUrl ?? `${context.parleyUrl}/webhooks/payments/komoju`
  const hooks = createHooks({
    store,
    faults,
    now,
    target: { url, secret: options.webhookSecret },
    retryDelays: options.retryDelays ?? [1000, 5000, 15_000, 60_000, 300_000],
  })

  // Only what waits can run out, so the sweep does not walk over everything there ever was.
  const waiting = {
    sessions: new Set([...store.sessions.values()].filter(({ status }) => status === 'pending')),
    payments: new Set([...store.payments.values()].filter(({ status }) => status === 'authorized')),
  }

  const paymentOf = ({ payment }: SessionRecord) => (payment ? (store.payments.get(payment) ?? null) : null)
  const bodyOfSession = (session: SessionRecord) =>
    sessionBody(session, paymentOf(session), { now: now(), baseUrl: baseUrl() })
  const bodyOfPayment = (payment: PaymentRecord) => paymentBody(payment, baseUrl())
  const shownPayment = (payment: PaymentRecord) => distortPayment(bodyOfPayment(payment), faults)

  function save(payment: PaymentRecord, ...events: string[]) {
    store.save('payments', payment)
    if (payment.status === 'authorized') waiting.payments.add(payment)
    for (const event of events) hooks.announce(event, shownPayment(payment), payment)
  }

  function complete(session: SessionRecord) {
    session.status = 'completed'
    session.completedAt = now()
    store.save('sessions', session)
  }

  /** The page of a session that is still open makes its payment, or tries the failed one again. */
  function begin(session: SessionRecord, method: Method): PaymentRecord {
    if (session.status !== 'pending') throw unprocessable(`The session is ${session.status}.`)
    if (isExpired(session, now())) throw unprocessable('The session has expired.')
    if (!session.methods.includes(method)) throw badRequest(`${method} is not offered here.`, 'type')
    const payment = change.beginPayment(session, paymentOf(session), method, now())
    session.payment = payment.id
    store.save('sessions', session)
    return payment
  }

  function decide(session: SessionRecord, payment: PaymentRecord, trial: CardTrial, failure: string | null) {
    if (failure) {
      change.fail(payment, failure)
      return save(payment, 'payment.failed')
    }
    change.agree(payment, trial)
    complete(session)
    if (session.capture === 'manual') return save(payment, 'payment.authorized')
    change.capture(payment, now())
    save(payment, 'payment.captured')
  }

  return {
    store,
    hooks,
    secretKey: options.secretKey,
    baseUrl,
    now,
    session(id) {
      const session = store.sessions.get(id)
      if (!session) throw notFound('session')
      return session
    },
    payment(id) {
      const payment = store.payments.get(id)
      if (!payment) throw notFound('payment')
      return payment
    },
    sessionBody: bodyOfSession,
    paymentBody: bodyOfPayment,
    shownSession: (session) => distortSession(bodyOfSession(session), faults),
    shownPayment,
    create(input, scenario) {
      const { external_order_num: number, capture, name: payer, description } = input.payment_data
      if (input.mode !== 'payment') throw badRequest('This account takes payments only.', 'mode')
      if ([...store.sessions.values()].some(({ externalOrderNum }) => externalOrderNum === number)) {
        throw unprocessable('external_order_num has already been taken.', 'payment_data.external_order_num')
      }
      const methods = limits(input)
      const session: SessionRecord = {
        id: newId(),
        status: 'pending',
        amount: input.amount,
        currency: input.currency,
        returnUrl: input.return_url,
        locale: input.default_locale,
        methods,
        metadata: input.metadata,
        email: input.email ?? null,
        name: payer ?? null,
        description: description ?? null,
        externalOrderNum: number,
        capture,
        payment: null,
        scenario,
        createdAt: now(),
        expiresAt: now() + input.expires_in_seconds * 1000,
        expired: false,
        completedAt: null,
        cancelledAt: null,
      }
      store.save('sessions', session)
      waiting.sessions.add(session)
      return session
    },
    payByCard(session, number) {
      const payment = begin(session, 'credit_card')
      const trial = tryCard(number)
      if (trial.threeDs && !session.scenario) save(payment)
      else decide(session, payment, trial, session.scenario ?? trial.failure)
      return trial
    },
    answerThreeDs(session, number, agreed) {
      const payment = begin(session, 'credit_card')
      decide(session, payment, tryCard(number), agreed ? null : 'three_d_secure_failed')
    },
    issueCode(session, details) {
      const payment = begin(session, 'konbini')
      const fee = faults.get<number>(name, 'konbiniFee')
      const days = faults.get<number>(name, 'konbiniDays')
      change.issueCode(payment, details, { now: now(), fee, days })
      complete(session)
      save(payment, 'payment.authorized')
      return payment
    },
    payAtCounter(payment) {
      if (!payment.konbini) throw unprocessable('Only a code of a store is paid at a counter.')
      change.capture(payment, now(), faults.take<boolean>(name, 'acceptLatePayment'))
      save(payment, 'payment.captured')
    },
    capture(payment) {
      if (payment.konbini) throw unprocessable('A konbini payment is captured at the counter.')
      change.capture(payment, now())
      save(payment, 'payment.captured')
    },
    cancelPayment(payment) {
      change.cancel(payment)
      save(payment, 'payment.cancelled')
    },
    expirePayment(payment) {
      change.expire(payment)
      save(payment, 'payment.expired')
    },
    cancelSession(session) {
      if (session.status !== 'pending' || isExpired(session, now())) {
        throw unprocessable('The session cannot be cancelled any more.')
      }
      session.status = 'cancelled'
      session.cancelledAt = now()
      store.save('sessions', session)
    },
    refund(payment, wish, byHand) {
      const refund = change.refund(payment, wish, now(), byHand)
      const whole = payment.status === 'refunded'
      save(payment, 'payment.refund.created', ...(whole ? ['payment.refunded'] : []))
      return refund
    },
    sweep() {
      for (const session of waiting.sessions) {
        if (session.status === 'pending' && session.expiresAt > now()) continue
        session.expired = session.status === 'pending'
        waiting.sessions.delete(session)
        if (session.expired) store.save('sessions', session)
      }
      for (const payment of waiting.payments) {
        if (payment.deadline === null || payment.deadline > now()) continue
        waiting.payments.delete(payment)
        if (payment.status !== 'authorized') continue
        change.expire(payment)
        save(payment, 'payment.expired')
      }
    },
  }
}
