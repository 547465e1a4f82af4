import { randomBytes } from 'node:crypto'
import express, { type Router } from 'express'
import { isLoopback } from '../../context.ts'
import { answerErrors, bodyOf, logCalls, needsChannelToken, parameter, readJson } from '../api/http.ts'
import { badRequest, notFound } from '../errors.ts'
import type { LineService } from '../service.ts'
import type { Fields } from '../types.ts'
import { isFields } from '../validate/check.ts'

/** A LIFF app as its API shows it. */
export interface LiffApp extends Fields {
  liffId: string
  view: { type: string; url: string }
}

export interface LiffApps {
  find(liffId: string): LiffApp | undefined
  router: Router
}

const VIEW_TYPES = ['compact', 'tall', 'full']

/** `/liff/v1/apps`: the LIFF apps of the login channel, with that channel's own access token. */
export function createLiffApps(service: LineService): LiffApps {
  const { channel } = service
  const apps = new Map<string, LiffApp>()
  apps.set(channel.liffId, {
    liffId: channel.liffId,
    view: { type: 'full', url: channel.liffEndpoint },
    description: channel.displayName,
    permanentLinkPattern: 'concat',
    scope: ['openid', 'profile', 'chat_message.write'],
    botPrompt: 'normal',
  })
  const router = express.Router()
  router.use(logCalls(service))
  router.use(needsChannelToken(service, channel.loginChannelId))

  router.get('/', (_request, response) => void response.json({ apps: [...apps.values()] }))

  router.post('/', readJson, (request, response) => {
    const body = bodyOf(request)
    const liffId = `${channel.loginChannelId}-${randomBytes(8).toString('hex').slice(0, 8)}`
    apps.set(liffId, { ...body, liffId, view: checkView(body['view'], { type: 'full' }) })
    response.json({ liffId })
  })

  router.put('/:liffId', readJson, (request, response) => {
    const app = find(parameter(request, 'liffId'))
    const body = bodyOf(request)
    apps.set(app.liffId, { ...app, ...body, liffId: app.liffId, view: checkView(body['view'], app.view) })
    response.status(200).end()
  })

  router.delete('/:liffId', (request, response) => {
    apps.delete(find(parameter(request, 'liffId')).liffId)
    response.status(200).end()
  })

  router.use(answerErrors)
  return { router, find: (liffId) => apps.get(liffId) }

  function find(liffId: string): LiffApp {
    const app = apps.get(liffId)
    if (!app) throw notFound('not found')
    return app
  }
}

/** The endpoint must be https without a fragment; plain http is tolerated on this machine. */
function checkView(given: unknown, before: { type: string; url?: string }): LiffApp['view'] {
  const view = { ...before, ...(isFields(given) ? given : {}) }
  const url = typeof view.url === 'string' && URL.canParse(view.url) ? new URL(view.url) : undefined
  if (!url || url.hash || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)))) {
    throw badRequest('view.url must be an https address without a fragment')
  }
  if (!VIEW_TYPES.includes(view.type)) throw badRequest(`view.type must be one of ${VIEW_TYPES.join(', ')}`)
  return { ...view, type: view.type, url: String(view.url) }
}
