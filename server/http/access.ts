import type { IncomingHttpHeaders } from 'node:http'
import type { Request } from 'express'
import { mayActAs } from '../auth/contract.ts'
import { AppError, notFound } from './errors.ts'
import type { Caller, CustomerCaller, Route, StaffCaller } from './route.ts'

/** Who a request's cookies belong to: one indexed read each, none where the cookie is absent. */
export interface Sessions {
  staff(headers: IncomingHttpHeaders): Promise<StaffCaller | null>
  customer(
    headers: IncomingHttpHeaders,
    wanted?: { orderId?: string; catalogueId?: string },
  ): Promise<CustomerCaller | null>
}

/** The caller, where the route lets them in; throws what the others are told. */
export async function admit(route: Route, request: Request, sessions: Sessions): Promise<Caller> {
  const { headers } = request
  if (route.access === 'anyone') {
    if (route.raw || !headers.cookie) return null
    return (await sessions.customer(headers)) ?? (await sessions.staff(headers))
  }
  if (route.access === 'customer') {
    const { orderId, catalogueId } = request.params as { orderId?: string; catalogueId?: string }
    const wanted = { ...(orderId && { orderId }), ...(catalogueId && { catalogueId }) }
    const customer = await sessions.customer(headers, wanted)
    if (!customer) throw await refuse(route, sessions.staff(headers))
    if (orderId !== undefined && !customer.orderIds.includes(orderId)) throw notFound('The order')
    if (catalogueId !== undefined && !customer.catalogueIds.includes(catalogueId)) {
      throw notFound('The catalogue')
    }
    return customer
  }
  const staff = await sessions.staff(headers)
  if (!staff) throw await refuse(route, sessions.customer(headers))
  if (mayActAs(staff.role, route.access)) return staff
  if (namesAThing(route)) throw notFound('What you asked for')
  throw new AppError('access.role', `This needs the role ${route.access}. Ask somebody who has it.`, {
    status: 403,
  })
}

/** Whoever has no session is asked to get one; with the other kind of session, nobody learns what exists. */
async function refuse(route: Route, other: Promise<Caller>): Promise<AppError> {
  if ((await other) && namesAThing(route)) return notFound('What you asked for')
  return new AppError(
    'access.session',
    route.access === 'customer'
      ? 'Your visit has ended. Open the order again from the chat.'
      : 'You are not logged in. Log in and try again.',
    { status: 401 },
  )
}

const namesAThing = (route: Route) => route.path.includes(':')
