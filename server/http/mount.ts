import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express'
import { admit, type Sessions } from './access.ts'
import { markRequest, sendError, sendJson } from './answer.ts'
import { readBytes, readJson } from './body.ts'
import { AppError, notFound } from './errors.ts'
import { countRequest } from './metrics.ts'
import { networkOf } from './network.ts'
import { checkOrigin } from './origin.ts'
import type { RateLimits } from './rate.ts'
import { Reply, type Route } from './route.ts'
import { validate } from './validate.ts'

/** Calls a minute from one address to one route. Platforms deliver from few addresses, and a lot. */
const GENEROUS = 1200
const WEBHOOK = 60_000

export interface Mounting {
  sessions: Sessions
  limits: RateLimits
  publicUrl: string
  /** Run before a page is made: headers for browsers, compression. */
  pages: RequestHandler[]
}

/** Puts the table of routes into Express. Two routes with one address are a mistake that is better found at start. */
export function mountRoutes(app: Express, routes: Route[], mounting: Mounting): void {
  const seen = new Set<string>()
  for (const route of routes) {
    const address = `${route.method} ${route.path.replace(/:\w+/g, ':')}`
    if (seen.has(address)) throw new Error(`Two routes answer ${address}: remove one of them`)
    seen.add(address)
    const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
    app[method](route.path, ...(isPage(route) ? mounting.pages : []), (request, response) =>
      serve(route, request, response, mounting),
    )
  }
  app.use((request: Request, response: Response) => refuse(request, response, notFound('This address')))
  // Express itself refuses an address that no decoder reads, and would answer with the lines of our program.
  const unreadable: ErrorRequestHandler = (error, request, response, _next) =>
    refuse(request, response, error instanceof URIError ? unreadableAddress(error) : error)
  app.use(unreadable)
}

/** For what no route answers. */
function refuse(request: Request, response: Response, error: unknown): Promise<void> {
  markRequest(response)
  apiHeaders(response)
  return sendError(request, response, error)
}

const unreadableAddress = (cause: URIError) =>
  new AppError('input.invalid', 'This address cannot be read. Check it, or open it again from the list.', {
    cause,
  })

/** A page for a browser, as against an answer for a program. */
const isPage = (route: Route) =>
  route.method === 'GET' && !/^\/(api|webhooks|media|images|health|metrics)(\/|$)/.test(route.path)

async function serve(route: Route, request: Request, response: Response, mounting: Mounting): Promise<void> {
  const began = performance.now()
  markRequest(response)
  if (!isPage(route)) apiHeaders(response)
  try {
    const result = await handle(route, request, response, mounting)
    if (result instanceof Reply) await sendJson(response, result.status, result.body)
    else if (result !== undefined) await sendJson(response, 200, result)
  } catch (error) {
    await sendError(request, response, error, route)
  }
  countRequest(route, response.statusCode, performance.now() - began)
}

async function handle(route: Route, request: Request, response: Response, mounting: Mounting) {
  const { sessions, limits, publicUrl } = mounting
  refuseNul(request.url)
  const ip = request.ip ?? ''
  const fromPlatform = route.raw === true && route.access === 'anyone'
  if (route.method !== 'GET' && !fromPlatform) checkOrigin(request, publicUrl)
  limits.take(
    `${route.method} ${route.path}`,
    networkOf(ip),
    route.rate ?? (fromPlatform ? WEBHOOK : GENEROUS),
  )
  const caller = await admit(route, request, sessions)

  const params = route.params ? validate(route.params, request.params, 'path') : request.params
  const query = route.query ? validate(route.query, { ...request.query }, 'query') : request.query
  const body = await readBody(route, request)
  return route.handler({
    params,
    query,
    body,
    caller,
    headers: request.headers,
    ip,
    request,
    response,
  })
}

/** No name and no word has one, and the database refuses to look for it. */
function refuseNul(address: string): void {
  if (!address.includes('%00')) return
  throw new AppError('input.invalid', 'An address cannot have a NUL byte in it. Leave it out.')
}

async function readBody(route: Route, request: Request): Promise<unknown> {
  if (route.raw) return readBytes(request, route.limit)
  if (!route.body) return undefined
  return validate(route.body, await readJson(request, route.limit), 'body')
}

function apiHeaders(response: Response): void {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
}
