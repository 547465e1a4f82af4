import { createHmac, timingSafeEqual } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express'
import { isFields } from '../checks.ts'
import { badParameter, GraphError, tokenInvalid } from '../errors.ts'
import type { MessengerService } from '../service.ts'
import type { Fields } from '../types.ts'

const LONGEST_CALL_LOG = 1000

/** Keeps a list of calls, and answers late where a knob says so. */
export function logCalls(service: MessengerService): RequestHandler {
  return async (request, response, next) => {
    response.on('close', () => {
      service.calls.push({
        at: service.context.clock.now(),
        method: request.method,
        path: request.originalUrl.replace(/access_token=[^&]+/, 'access_token=…'),
        status: response.statusCode,
        ...(isFields(request.body) ? { body: request.body } : {}),
      })
      service.calls.splice(0, service.calls.length - LONGEST_CALL_LOG)
    })
    const late = service.context.faults.take<number>('messenger', 'latencyMs')
    if (late > 0) await wait(late)
    next()
  }
}

/** The versions that have not expired; calls without one go to the oldest. */
export const needsVersion: RequestHandler = (request, _response, next) => {
  if (/^v2[2-5]\.0$/.test(String(request.params['version']))) return next()
  throw new GraphError(
    2635,
    'You are calling a deprecated version of the Ads API. Please update to the latest version: v25.0.',
  )
}

/** The page's own token, with the proof that whoever calls knows the app's secret. */
export function needsPageToken(service: MessengerService): RequestHandler {
  return (request, _response, next) => {
    const { page, context } = service
    const token = tokenOf(request)
    if (!token) {
      throw new GraphError(104, 'An access token is required to request this resource.', { status: 401 })
    }
    if (context.faults.take<boolean>('messenger', 'tokenRevoked')) throw tokenInvalid(460)
    if (token !== page.pageToken) throw tokenInvalid()
    const proof = parameter(request, 'appsecret_proof') ?? ''
    const wanted = createHmac('sha256', page.appSecret).update(token).digest('hex')
    if (proof.length !== wanted.length || !timingSafeEqual(Buffer.from(proof), Buffer.from(wanted))) {
      throw new GraphError(100, 'API calls from the server require an appsecret_proof argument', {
        subcode: 33,
      })
    }
    next()
  }
}

/** `app id|app secret`, for what belongs to the app. */
export function needsAppToken(service: MessengerService): RequestHandler {
  return (request, _response, next) => {
    if (tokenOf(request) !== `${service.page.appId}|${service.page.appSecret}`) throw tokenInvalid()
    next()
  }
}

const tokenOf = (request: Request): string | undefined =>
  /^Bearer (\S+)$/.exec(request.header('authorization') ?? '')?.[1] ?? parameter(request, 'access_token')

function parameter(request: Request, name: string): string | undefined {
  const inBody = isFields(request.body) ? request.body[name] : undefined
  const value = request.query[name] ?? inBody
  return typeof value === 'string' ? value : undefined
}

const parseJson = express.json({ limit: '1mb' })

/** Reads a JSON body, and refuses whatever else it might be. */
export const readJson: RequestHandler = (request, response, next) => {
  parseJson(request, response, (error?: unknown) =>
    next(error ? badParameter('The request body could not be parsed as JSON') : undefined),
  )
}

export function bodyOf(request: Request): Fields {
  if (!isFields(request.body)) throw badParameter('The request has no body')
  return request.body
}

/** Meta's error body; anything unforeseen is a 500 of code 1. */
export const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error)
  if (error instanceof GraphError) {
    response.status(error.status).set(error.headers).json(error.body())
    return
  }
  console.error('The simulated Messenger failed:', error)
  response.status(500).json(new GraphError(1, 'An unknown error occurred').body())
}
