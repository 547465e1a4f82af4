import type { ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import type { Request, Response } from 'express'
import mongoose from 'mongoose'
import { languages } from '../../models/states.ts'
import { isAway } from '../database/index.ts'
import { acceptedLanguages, chosenLanguage, hasWord, translate } from '../language/index.ts'
import { log } from '../log.ts'
import { AppError, notFound } from './errors.ts'
import { nonceOf } from './pages.ts'
import type { Route } from './route.ts'

const WORTH_COMPRESSING = 16 * 1024
const compress = promisify(brotliCompress)

/** Sends JSON; a long list goes out compressed. */
export async function sendJson(response: Response, status: number, body: unknown): Promise<void> {
  response.statusCode = status
  if (body === undefined) {
    response.end()
    return
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  const text = JSON.stringify(body)
  if (text.length < WORTH_COMPRESSING || !/\bbr\b/.test(String(response.req.headers['accept-encoding']))) {
    response.end(text)
    return
  }
  response.setHeader('Content-Encoding', 'br')
  response.setHeader('Vary', 'Accept-Encoding')
  response.end(await compress(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }))
}

/** Answers an error: JSON for programs, a small page for people. The cause goes to the log alone. */
export async function sendError(
  request: Request,
  response: Response,
  thrown: unknown,
  route?: Route,
): Promise<void> {
  const error = explain(thrown)
  if (error.status >= 500) {
    log.error({ error: thrown, id: requestId(response), route: route?.path }, error.message)
  }
  if (response.headersSent) {
    response.destroy()
    return
  }
  const wait = (error.details as { retryAfter?: number } | undefined)?.retryAfter
  if (wait) response.setHeader('Retry-After', String(wait))
  if (isForPeople(request)) {
    response
      .status(error.status)
      .type('html')
      .send(errorPage(error, request, nonceOf(response)))
    return
  }
  const { code, message, details, reload } = error
  const usual = route?.plainErrors ? { errorMessage: message } : { error: { code, message, details, reload } }
  await sendJson(response, error.status, route?.errorBody?.(message) ?? usual)
}

/** The error as one of ours: what came from the database or from a bug becomes words that help. */
function explain(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof mongoose.Error.CastError) return notFound('What you asked for')
  if (isAway(thrown)) {
    return new AppError(
      'database.unreachable',
      'The shop cannot reach its database. Try again in a moment.',
      {
        status: 503,
        details: { retryAfter: 2 },
        cause: thrown,
      },
    )
  }
  return new AppError(
    'server.failed',
    'Something went wrong on our side. Try again; staff can see it in the log.',
    {
      status: 500,
      cause: thrown,
    },
  )
}

/** Somebody in a browser who followed a link, rather than a script of ours. */
function isForPeople(request: Request): boolean {
  return (
    request.method === 'GET' &&
    !/^\/(api|webhooks)\//.test(request.path) &&
    (request.headers.accept ?? '').includes('text/html')
  )
}

/** In the reader's language where the error has words for customers. The shop is not asked: it may be what failed. */
function errorPage({ code, status, message }: AppError, { headers }: Request, nonce: string): string {
  const wishes = [chosenLanguage(headers.cookie), ...acceptedLanguages(headers['accept-language'])]
  const spoken = wishes.map((wish) => languages.find((one) => one === wish)).find((one) => one !== undefined)
  const key = `errors.${code}`
  const [language, text] = spoken && hasWord(key) ? [spoken, translate(spoken, key)] : ['en', message]
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${status}</title><link rel="icon" href="data:,"><style nonce="${nonce}">${look}</style></head><body><main><h1>${escapeHtml(text)}</h1><p>${status}</p></main></body></html>`
}

const look =
  'body{margin:0;background:#f5f4f0;color:#1a1f1c;font:1rem/1.5 system-ui,sans-serif}' +
  'main{max-width:26rem;margin:15vh auto 0;padding:24px;text-align:center}' +
  'h1{margin:0;font-size:1.25rem;line-height:1.4}p{margin:12px 0 0;color:#5d5a52}'

/** Text inside HTML. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

let requests = 0
const processMark = process.pid.toString(36)

/** Marks the answer, so that what a person reports can be found in the log. */
export function markRequest(response: ServerResponse): void {
  requests += 1
  response.setHeader('X-Request-Id', `${processMark}-${requests.toString(36)}`)
}

const requestId = (response: ServerResponse) => response.getHeader('X-Request-Id')
