import { readFileSync } from 'node:fs'
import express, { type Request, type Router } from 'express'
import { allowOtherOrigins, answerErrors, bearerOf, bodyOf, readJson } from '../api/http.ts'
import { badRequest, notFound, unauthorized } from '../errors.ts'
import type { LineService } from '../service.ts'
import type { LineUser } from '../types.ts'
import { checkMessages } from '../validate/messages.ts'
import { choosePerson } from './choose.ts'
import type { IdTokens } from './id-tokens.ts'
import type { LiffApp, LiffApps } from './liff-apps.ts'

const ACCESS_TOKEN_SECONDS = 12 * 3600

/**
 * `/liff/{liffId}/path` stands for `https://liff.line.me/{liffId}/path`. The phone adds `sim_user`, as the
 * LINE app knows whose it is; without it one is in an ordinary browser.
 */
export function liff(service: LineService, apps: LiffApps, idTokens: IdTokens): Router {
  const { world, accessTokens, channel, people } = service
  const router = express.Router()
  const script = readFileSync(new URL('./liff-sdk.js', import.meta.url), 'utf8')

  router.use(allowOtherOrigins)
  router.get('/sdk.js', (_request, response) => {
    response.type('js').setHeader('cache-control', 'no-cache')
    response.send(script)
  })

  router.post('/messages', readJson, async (request, response) => {
    const token = accessTokens.find(bearerOf(request) ?? '')
    if (!token || token === 'expired' || !token.userId) throw unauthorized('invalid token')
    if (!token.scope?.includes('chat_message.write'))
      throw badRequest('user does not grant required permissions')
    for (const message of checkMessages(bodyOf(request))) {
      // Cards that a page sends appear in the chat, but the shop gets no webhook for them.
      if (message.type === 'text') await people.say(token.userId, String(message['text']))
      else world.show(token.userId, { from: 'user', message })
    }
    response.json({})
  })

  router.get('/:liffId/login', (request, response) => {
    const app = appOf(request)
    const redirect =
      typeof request.query['redirectUri'] === 'string' ? request.query['redirectUri'] : app.view.url
    if (!isWithin(redirect, app.view.url)) throw badRequest('Invalid redirect_uri value')
    const user = world.users.get(String(request.query['sim_user'] ?? ''))
    if (!user) return void response.type('html').send(choosePerson(service, request.originalUrl))
    response.redirect(302, `${redirect.split('#')[0]}#${credentials(app, user, false)}`)
  })

  router.get(['/:liffId', '/:liffId/*rest'], (request, response) => {
    const app = appOf(request)
    const { state, userId } = stateOf(request)
    const target = new URL(app.view.url)
    // The primary redirect: the page calls liff.init(), which goes on to the path in liff.state.
    if (state) target.searchParams.set('liff.state', state)
    const user = world.users.get(userId ?? '')
    if (user) target.hash = credentials(app, user, true)
    response.redirect(302, target.href)
  })

  router.use(answerErrors)
  return router

  function appOf(request: Request): LiffApp {
    const app = apps.find(String(request.params['liffId']))
    if (!app) throw notFound('LIFF app not found')
    return app
  }

  /** What the LINE app hands to the page, in the fragment that no server sees. */
  function credentials(app: LiffApp, user: LineUser, inClient: boolean): string {
    const scope = Array.isArray(app['scope']) ? app['scope'].join(' ') : 'openid profile'
    const fragment = new URLSearchParams({
      access_token: accessTokens.issue({
        channelId: channel.loginChannelId,
        seconds: ACCESS_TOKEN_SECONDS,
        userId: user.userId,
        scope,
      }),
      liff_context: JSON.stringify({
        inClient,
        language: user.language,
        endpoint: app.view.url,
        scope: scope.split(' '),
        context: {
          type: inClient ? 'utou' : 'external',
          userId: user.userId,
          liffId: app.liffId,
          viewType: app.view.type,
          endpointUrl: app.view.url,
        },
      }),
    })
    if (scope.includes('openid')) {
      fragment.set('id_token', inClient ? idTokens.issueForLiff(user) : idTokens.issueForWeb(user))
    }
    return fragment.toString()
  }
}

/** Everything after the LIFF id: path, query and nothing of ours. */
function stateOf(request: Request): { state: string; userId: string | undefined } {
  const [path = '', query = ''] = request.url.split('?')
  const kept = new URLSearchParams(query)
  const userId = kept.get('sim_user') ?? undefined
  const fragment = kept.get('sim_hash') ?? ''
  kept.delete('sim_user')
  kept.delete('sim_hash')
  const rest = path.replace(/^\/[^/]+/, '')
  const search = kept.size > 0 ? `?${kept}` : ''
  return { state: rest === '/' && !search && !fragment ? '' : `${rest}${search}${fragment}`, userId }
}

const isWithin = (address: string, endpoint: string): boolean => {
  if (!URL.canParse(address)) return false
  const [inner, outer] = [new URL(address), new URL(endpoint)]
  return inner.origin === outer.origin && inner.pathname.startsWith(outer.pathname)
}
