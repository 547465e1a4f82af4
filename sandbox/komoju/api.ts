import type { Request } from 'express'
import type { Faults } from '../faults.ts'
import { eventBody, listBody } from './bodies.ts'
import { notFound } from './errors.ts'
import { newId } from './ids.ts'
import { EventQuery, NewRefund, NewSession, Nothing, Patch, PaymentQuery, read } from './input.ts'
import { platform as name } from './knobs.ts'
import type { Platform } from './platform.ts'
import type { Endpoint } from './serve.ts'

/** Sessions, payments and events, at the platform's own paths. */
export function endpoints(platform: Platform, faults: Faults): Endpoint[] {
  const { store } = platform
  const sessionOf = (request: Request) => platform.session(id(request))
  const paymentOf = (request: Request) => platform.payment(id(request))

  return [
    {
      method: 'post',
      path: '/sessions',
      operation: 'sessions',
      work(request) {
        const scenario = request.get('komoju-scenario') ?? null
        return platform.shownSession(platform.create(read(NewSession, request.body), scenario))
      },
    },
    {
      method: 'get',
      path: '/sessions/:id',
      operation: 'reads',
      work(request) {
        const session = sessionOf(request)
        if (!faults.take<boolean>(name, 'otherSession')) return platform.shownSession(session)
        const other = [...store.sessions.values()].find((one) => one !== session)
        return other ? platform.shownSession(other) : { ...platform.shownSession(session), id: newId() }
      },
    },
    {
      method: 'post',
      path: '/sessions/:id/cancel',
      operation: 'cancels',
      work(request) {
        const session = sessionOf(request)
        read(Nothing, request.body)
        platform.cancelSession(session)
        return platform.shownSession(session)
      },
    },
    {
      method: 'get',
      path: '/payments',
      operation: 'reads',
      work(request) {
        const query = read(PaymentQuery, request.query)
        const within = [...store.payments.values()].filter(
          (payment) =>
            isWithin(payment, query) &&
            is(query.external_order_num, payment.externalOrderNum) &&
            is(query.status, payment.status) &&
            is(query.currency, payment.currency),
        )
        return listBody(within, query.page, query.per_page, platform.shownPayment)
      },
    },
    {
      method: 'get',
      path: '/payments/:id',
      operation: 'reads',
      work: (request) => platform.shownPayment(paymentOf(request)),
    },
    {
      method: 'patch',
      path: '/payments/:id',
      operation: 'captures',
      work(request) {
        const payment = paymentOf(request)
        const { description, metadata } = read(Patch, request.body)
        if (description !== undefined) payment.description = description
        if (metadata) payment.metadata = metadata
        store.save('payments', payment)
        platform.hooks.announce('payment.updated', platform.shownPayment(payment), payment)
        return platform.shownPayment(payment)
      },
    },
    {
      method: 'post',
      path: '/payments/:id/capture',
      operation: 'captures',
      work(request) {
        const payment = paymentOf(request)
        read(Nothing, request.body)
        platform.capture(payment)
        return platform.shownPayment(payment)
      },
    },
    {
      method: 'post',
      path: '/payments/:id/cancel',
      operation: 'cancels',
      work(request) {
        const payment = paymentOf(request)
        read(Nothing, request.body)
        platform.cancelPayment(payment)
        return platform.shownPayment(payment)
      },
    },
    {
      method: 'post',
      path: '/payments/:id/refund',
      operation: 'refunds',
      work(request) {
        const payment = paymentOf(request)
        platform.refund(payment, read(NewRefund, request.body))
        return platform.shownPayment(payment)
      },
    },
    {
      method: 'get',
      path: '/events',
      operation: 'reads',
      work(request) {
        const query = read(EventQuery, request.query)
        const within = [...store.events.values()].filter(
          (event) => isWithin(event, query) && is(query.type, event.type),
        )
        return listBody(within, query.page, query.per_page, eventBody)
      },
    },
    {
      method: 'get',
      path: '/events/:id',
      operation: 'reads',
      work(request) {
        const event = store.events.get(id(request))
        if (!event) throw notFound('event')
        return eventBody(event)
      },
    },
  ]
}

const id = (request: Request): string => String(request.params['id'])

const is = (wanted: string | undefined, value: string): boolean => wanted === undefined || wanted === value

/** Both ends count. */
const isWithin = (
  { createdAt }: { createdAt: number },
  { start_time: start, end_time: end }: { start_time?: string | undefined; end_time?: string | undefined },
): boolean => (!start || createdAt >= Date.parse(start)) && (!end || createdAt <= Date.parse(end))
