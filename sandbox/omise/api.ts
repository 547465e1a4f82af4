import type { Request } from 'express'
import { z } from 'zod'
import type { Faults } from '../faults.ts'
import { eventBody, innerList, listBody, time, tokenBody } from './bodies.ts'
import { NewCard, readCard } from './cards.ts'
import { refundBody, sourceBody } from './charge-body.ts'
import { NewRefund } from './charges.ts'
import { badRequest, notFound } from './errors.ts'
import { newId } from './ids.ts'
import { int, metadata, Page, read, text } from './input.ts'
import { lacking, platform as name } from './knobs.ts'
import { NewCharge, newSource } from './new-charge.ts'
import type { Platform } from './platform.ts'
import type { Json } from './records.ts'
import type { Endpoint } from './serve.ts'
import { NewSource } from './source-types.ts'

const Nothing = z.strictObject({})
const NewToken = z.strictObject({ card: NewCard })
const Capture = z.strictObject({ capture_amount: int.optional() })
const Patch = z.strictObject({ description: text.optional(), metadata: metadata.optional() })
const NewDispute = z.strictObject({ amount: int.optional() })

/** What pays: tokens, sources, charges and refunds, at the platform's own paths. */
export function paymentEndpoints(platform: Platform, faults: Faults): Endpoint[] {
  const { store, now } = platform
  const chargeOf = (request: Request) => platform.charge(id(request, 'id'))
  const secret = { key: 'secret' } as const

  return [
    {
      method: 'post',
      path: '/tokens',
      key: 'public',
      operation: 'tokens',
      work(request) {
        const { card } = read(NewToken, request.body)
        const at = now()
        const token = {
          id: newId('tokn'),
          card: readCard(card, at),
          used: false,
          chargeStatus: 'unknown',
          createdAt: at,
        }
        store.save('tokens', token)
        return tokenBody(token, platform.baseUrl())
      },
    },
    {
      method: 'get',
      path: '/tokens/:id',
      key: 'public',
      operation: 'reads',
      work(request) {
        const token = store.tokens.get(id(request, 'id'))
        if (!token) throw notFound('token', id(request, 'id'))
        return tokenBody(token, platform.baseUrl())
      },
    },
    {
      method: 'post',
      path: '/sources',
      key: 'either',
      operation: 'sources',
      work(request) {
        const input = read(NewSource, request.body)
        if (lacking(faults).includes(input.type)) throw badRequest(`type is not supported: ${input.type}`)
        const source = newSource(input, now())
        store.save('sources', source)
        return sourceBody(source, null, platform.baseUrl())
      },
    },
    {
      method: 'get',
      path: '/sources/:id',
      key: 'either',
      operation: 'reads',
      work(request) {
        const source = store.sources.get(id(request, 'id'))
        if (!source) throw notFound('source', id(request, 'id'))
        const charge = [...store.charges.values()].find((one) => one.source === source.id)
        return sourceBody(source, charge ?? null, platform.baseUrl())
      },
    },
    {
      method: 'post',
      path: '/charges',
      ...secret,
      operation: 'charges',
      work: (request) => platform.shown(platform.create(read(NewCharge, request.body))),
    },
    {
      method: 'get',
      path: '/charges',
      ...secret,
      operation: 'reads',
      work: (request) =>
        list(request, [...store.charges.values()], '/charges', now(), (charge) => platform.shown(charge)),
    },
    {
      method: 'get',
      path: '/charges/:id',
      ...secret,
      operation: 'reads',
      work(request) {
        const charge = chargeOf(request)
        if (!faults.take<boolean>(name, 'otherCharge')) return platform.shown(charge)
        const other = [...store.charges.values()].find((one) => one !== charge)
        return other ? platform.shown(other) : { ...platform.shown(charge), id: newId('chrg') }
      },
    },
    {
      method: 'patch',
      path: '/charges/:id',
      ...secret,
      operation: 'charges',
      work(request) {
        const charge = chargeOf(request)
        platform.update(charge, read(Patch, request.body))
        return platform.shown(charge)
      },
    },
    {
      method: 'post',
      path: '/charges/:id/capture',
      ...secret,
      operation: 'captures',
      work(request) {
        const charge = chargeOf(request)
        platform.capture(charge, read(Capture, request.body).capture_amount)
        return platform.shown(charge)
      },
    },
    {
      method: 'post',
      path: '/charges/:id/reverse',
      ...secret,
      operation: 'captures',
      work(request) {
        const charge = chargeOf(request)
        read(Nothing, request.body)
        platform.reverse(charge)
        return platform.shown(charge)
      },
    },
    {
      method: 'post',
      path: '/charges/:id/expire',
      ...secret,
      operation: 'expires',
      work(request) {
        const charge = chargeOf(request)
        read(Nothing, request.body)
        platform.expire(charge)
        return platform.shown(charge)
      },
    },
    {
      method: 'post',
      path: '/charges/:id/refunds',
      ...secret,
      operation: 'refunds',
      work(request) {
        const charge = chargeOf(request)
        return refundBody(platform.refund(charge, read(NewRefund, request.body)), charge)
      },
    },
    {
      method: 'get',
      path: '/charges/:id/refunds',
      ...secret,
      operation: 'reads',
      work(request) {
        const charge = chargeOf(request)
        return list(request, charge.refunds, `/charges/${charge.id}/refunds`, now(), (refund) =>
          refundBody(refund, charge),
        )
      },
    },
    {
      method: 'get',
      path: '/charges/:id/refunds/:refund',
      ...secret,
      operation: 'reads',
      work(request) {
        const charge = chargeOf(request)
        const refund = charge.refunds.find((one) => one.id === id(request, 'refund'))
        if (!refund) throw notFound('refund', id(request, 'refund'))
        return refundBody(refund, charge)
      },
    },
    {
      method: 'get',
      path: '/charges/:id/events',
      ...secret,
      operation: 'reads',
      work(request) {
        const charge = chargeOf(request)
        const events = [...store.events.values()].filter((event) => event.charge === charge.id)
        return innerList(
          events.map((event) => eventBody(event)),
          `/charges/${charge.id}/events`,
          now(),
        )
      },
    },
    {
      method: 'post',
      path: '/charges/:id/disputes',
      ...secret,
      operation: 'charges',
      work(request) {
        const charge = chargeOf(request)
        return platform.dispute(charge, read(NewDispute, request.body).amount ?? charge.amount)
      },
    },
  ]
}

/** A parameter of the path. */
export const id = (request: Request, parameter: string): string => String(request.params[parameter])

/** One page of a list, by the five parameters that all lists of the platform take. */
export function list<T extends { createdAt: number }>(
  request: Request,
  all: T[],
  location: string,
  now: number,
  body: (record: T) => Json,
): Json {
  const { from, to = time(now), limit, offset, order } = read(Page, request.query)
  const [begin, end] = [Date.parse(from), Date.parse(to)]
  // Times are written in whole seconds, so the last second counts as a whole.
  const within = all.filter((record) => record.createdAt >= begin && record.createdAt < end + 1000)
  if (order === 'reverse_chronological') within.reverse()
  const page = within.slice(offset, offset + limit).map(body)
  return listBody(page, within.length, location, { limit, offset, from, to, order })
}
