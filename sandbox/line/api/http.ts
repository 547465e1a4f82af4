import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { badRequest, LineError, rateLimited, unauthorized } from '../errors.ts'
import type { LineService } from '../service.ts'
import type { Fields } from '../types.ts'
import { isFields } from '../validate/check.ts'

const LARGEST_BODY = '2mb'
const LONGEST_CALL_LOG = 1000

/** Marks every answer with `x-line-request-id` and keeps a list of calls. */
export function logCalls(service: LineService): RequestHandler {
  return async (request, response, next) => {
    const requestId = randomUUID()
    response.locals['requestId'] = requestId
    response.setHeader('x-line-request-id', requestId)
    response.on('close', () => {
      const retryKey = request.header('x-line-retry-key')
      service.calls.push({
        at: service.context.clock.now(),
        method: request.method,
        path: request.originalUrl,
        status: response.statusCode,
        requestId,
        ...(retryKey ? { retryKey } : {}),
        ...(isFields(request.body) ? { body: request.body } : {}),
      })
      service.calls.splice(0, service.calls.length - LONGEST_CALL_LOG)
    })
    const late = service.context.faults.take<number>('line', 'latencyMs')
    if (late > 0) await wait(late)
    next()
  }
}

export const requestIdOf = (response: Response): string => String(response.locals['requestId'])

/** Only the Messaging API channel's own access token opens its API. */
export function needsChannelToken(service: LineService, channelId: string): RequestHandler {
  return (request, _response, next) => {
    const token = bearerOf(request)
    if (!token) throw unauthorized('access token is not provided')
    const known = service.accessTokens.find(token)
    if (known === 'expired') throw unauthorized('access token expired')
    const revoked = service.context.faults.take<boolean>('line', 'tokenRevoked')
    if (revoked || known?.channelId !== channelId || known.userId) throw unauthorized('invalid token')
    next()
  }
}

export const bearerOf = (request: Request): string | undefined =>
  /^Bearer (\S+)$/.exec(request.header('authorization') ?? '')?.[1]

const parseJson = express.json({ limit: LARGEST_BODY, strict: false })

/** Reads a JSON body, and refuses whatever else it might be in LINE's words. */
export const readJson: RequestHandler = (request, response, next) => {
  if (!request.is('application/json')) {
    throw new LineError(415, `The content type, '${request.header('content-type') ?? ''}', is not supported`)
  }
  parseJson(request, response, (error?: unknown) => {
    if (!error) return next()
    const tooLarge = (error as { status?: number }).status === 413
    next(
      tooLarge
        ? new LineError(413, 'Request entity too large')
        : badRequest('The request body could not be parsed as JSON (line: -, column: -)'),
    )
  })
}

/** The body as an object; throws LINE's 400 for an array, a text or nothing. */
export function bodyOf(request: Request): Fields {
  if (!isFields(request.body))
    throw badRequest('The request body could not be parsed as JSON (line: -, column: -)')
  return request.body
}

/** A form as the token endpoints take it; every field once, as text. */
export const readForm = express.urlencoded({ extended: false, limit: '100kb' })

export function formOf(request: Request): Record<string, string> {
  const form: Record<string, string> = {}
  for (const [key, value] of Object.entries(isFields(request.body) ? request.body : {})) {
    if (typeof value === 'string') form[key] = value
  }
  return form
}

/** At most so many calls within a time window, per endpoint of the channel; more are answered with 429. */
export function limitRate(service: LineService, most: number, perMilliseconds: number): RequestHandler {
  let windowBegan = 0
  let count = 0
  return (_request, _response, next) => {
    const now = service.context.clock.now()
    if (now - windowBegan >= perMilliseconds) {
      windowBegan = now
      count = 0
    }
    count += 1
    if (count > most) throw rateLimited()
    next()
  }
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

/** LINE's error body; anything unforeseen is a 500 without words, as theirs is. */
export const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error)
  if (error instanceof LineError) {
    response.status(error.status).set(error.headers)
    response.json({
      message: error.message,
      ...(error.details ? { details: error.details } : {}),
      ...error.extra,
    })
    return
  }
  console.error('The simulated LINE failed:', error)
  response.status(500).json({ message: 'An error occurred' })
}

/** A path parameter: Express types them as text or list, these are always text. */
export const parameter = (request: Request, name: string): string => String(request.params[name] ?? '')

/** Pages of the shop call these from their own origin, as they call api.line.me. */
export const allowOtherOrigins: RequestHandler = (request, response, next) => {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-headers', 'authorization, content-type')
  if (request.method === 'OPTIONS') return void response.status(204).end()
  next()
}
