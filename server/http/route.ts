import type { IncomingHttpHeaders } from 'node:http'
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { StaffRole } from '../auth/contract.ts'

/**
 * Who may call. `customer`: a customer's session that holds the order named by `:orderId`, or the link to the
 * catalogue named by `:catalogueId`; a staff role: that role or a higher one; `anyone`: the handler or the token in the path decides. Everybody else gets 404 where the thing
 * belongs to somebody, 401 where they have no session at all.
 */
export type Access = 'anyone' | 'customer' | StaffRole

export interface StaffCaller {
  kind: 'staff'
  sessionId: string
  staffId: string
  name: string
  role: StaffRole
}

export interface CustomerCaller {
  kind: 'customer'
  sessionId: string
  customerId: string
  orderIds: string[]
  /** The links to the catalogue that this browser has opened. */
  catalogueIds: string[]
  /** True when LIFF, Messenger or a login has shown who this is; false for whoever merely holds the link. */
  proven: boolean
}

export type Caller = StaffCaller | CustomerCaller | null

export interface Call<Params, Query, Body, Who extends Caller = Caller> {
  params: Params
  query: Query
  body: Body
  caller: Who
  headers: IncomingHttpHeaders
  ip: string
  request: Request
  response: Response
}

type CallerFor<A extends Access> = A extends 'anyone'
  ? Caller
  : A extends 'customer'
    ? CustomerCaller
    : StaffCaller

interface Definition<A extends Access, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  access: A
  /** One line for the API page. */
  summary: string
  params?: P
  query?: Q
  body?: B
  /** Raw bytes instead of JSON in `body`: webhooks and uploads. */
  raw?: boolean
  /** The largest body in bytes; 1 MB unless the route takes media. */
  limit?: number
  /** Calls a minute from one address; the default is generous. */
  rate?: number
  /** Not on the API page: pages and the like. */
  hidden?: boolean
  /** Errors as `{ errorMessage }`, as the services of seed 3 answer them. */
  plainErrors?: boolean
  /** The whole body of an error, where a contract of its own says what that is. */
  errorBody?(message: string): unknown
  /** What is returned is sent as JSON with 200; `undefined` means that the handler has answered by itself. */
  handler(call: Call<z.output<P>, z.output<Q>, z.output<B>, CallerFor<A>>): Promise<unknown>
}

/** A route with its types forgotten, as the table of all routes holds it. */
export interface Route extends Omit<Definition<Access, z.ZodType, z.ZodType, z.ZodType>, 'handler'> {
  // biome-ignore lint/suspicious/noExplicitAny: the schemas beside it have checked what the handler is given
  handler(call: any): Promise<unknown>
}

/** Declares a route. Its schemas check the input, type the handler and document it. */
export function route<
  A extends Access,
  P extends z.ZodType = z.ZodType<Record<string, string>>,
  Q extends z.ZodType = z.ZodType<Record<string, string>>,
  B extends z.ZodType = z.ZodType<undefined>,
>(definition: Definition<A, P, Q, B>): Route {
  return definition as unknown as Route
}

/** An answer with a status other than 200. */
export class Reply {
  readonly status: number
  readonly body: unknown
  constructor(status: number, body?: unknown) {
    this.status = status
    this.body = body
  }
}
