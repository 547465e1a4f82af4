import express, { type Request, type Response, type Router } from 'express'
import { allowOtherOrigins, bearerOf, formOf, readForm } from '../api/http.ts'
import { newToken } from '../ids.ts'
import type { LineService } from '../service.ts'
import type { Codes } from './codes.ts'
import type { IdTokens } from './id-tokens.ts'

const STATELESS_SECONDS = 15 * 60
const DAY_SECONDS = 24 * 3600
const MONTH_SECONDS = 30 * DAY_SECONDS

/** Tokens: issued to channels and to people, checked, and taken back. Errors are OAuth's, not the API's. */
export function oauth(service: LineService, idTokens: IdTokens, codes: Codes): Router {
  const { channel, accessTokens, world, context } = service
  const router = express.Router()

  router.post('/oauth2/v2.1/verify', readForm, (request, response) => {
    if (context.faults.take<boolean>('line', 'verifyDown')) return void response.status(500).end()
    const form = formOf(request)
    if (!form['id_token']) return void refuse(response, 'id_token must not be empty')
    if (!form['client_id']) return void refuse(response, 'client_id must not be empty')
    const found = idTokens.verify({
      idToken: form['id_token'],
      clientId: form['client_id'],
      ...(form['nonce'] ? { nonce: form['nonce'] } : {}),
      ...(form['user_id'] ? { userId: form['user_id'] } : {}),
    })
    if (typeof found === 'string') refuse(response, found)
    else response.json(found)
  })

  router.get('/oauth2/v2.1/certs', (_request, response) => void response.json(idTokens.certs()))

  router.get('/oauth2/v2.1/verify', (request, response) => {
    const token = accessTokens.find(String(request.query['access_token'] ?? ''))
    if (!token || token === 'expired') return void refuse(response, 'access token expired')
    response.json({
      scope: token.scope ?? '',
      client_id: token.channelId,
      expires_in: secondsLeft(token.expiresAt),
    })
  })

  router.post('/oauth2/v2.1/token', readForm, (request, response) => {
    const form = formOf(request)
    if (form['grant_type'] === 'authorization_code') return void logIn(form, response)
    if (form['grant_type'] === 'client_credentials') {
      // The assertion is a JWT signed with a key of the channel; which key is not simulated.
      if (!form['client_assertion']) return void refuse(response, 'client_assertion must not be empty')
      const token = accessTokens.issue({ channelId: channel.channelId, seconds: MONTH_SECONDS })
      return void response.json({ ...bearer(token, MONTH_SECONDS), key_id: newToken(12) })
    }
    refuse(response, 'unsupported grant_type', 'unsupported_grant_type')
  })

  router.post('/oauth2/v3/token', readForm, (request, response) =>
    issueToChannel(formOf(request), STATELESS_SECONDS, response),
  )

  router.post('/v2/oauth/accessToken', readForm, (request, response) =>
    issueToChannel(formOf(request), MONTH_SECONDS, response),
  )

  for (const path of ['/oauth2/v2.1/revoke', '/v2/oauth/revoke']) {
    router.post(path, readForm, (request, response) => {
      const token = formOf(request)['access_token']
      if (!token) return void refuse(response, 'access_token must not be empty')
      accessTokens.revoke(token)
      response.status(200).end()
    })
  }

  for (const path of ['/v2/profile', '/oauth2/v2.1/userinfo']) {
    router.use(path, allowOtherOrigins)
    router.get(path, (request, response) => {
      const user = loggedIn(request)
      if (!user) {
        return void response.status(401).json({ message: 'The access token revoked' })
      }
      const { userId, displayName, pictureUrl, statusMessage } = user
      response.json(
        path === '/v2/profile'
          ? { userId, displayName, pictureUrl, ...(statusMessage ? { statusMessage } : {}) }
          : { sub: userId, name: displayName, picture: pictureUrl },
      )
    })
  }

  return router

  function logIn(form: Record<string, string>, response: Response): void {
    if (
      form['client_id'] !== channel.loginChannelId ||
      form['client_secret'] !== channel.loginChannelSecret
    ) {
      return void refuse(response, 'invalid client credentials', 'invalid_client')
    }
    const grant = codes.redeem(form['code'] ?? '', form['redirect_uri'] ?? '', form['code_verifier'])
    if (!grant) return void refuse(response, 'invalid authorization code', 'invalid_grant')
    const user = world.user(grant.userId)
    const accessToken = accessTokens.issue({
      channelId: channel.loginChannelId,
      seconds: MONTH_SECONDS,
      userId: user.userId,
      scope: grant.scope,
    })
    const openid = grant.scope.split(/[\s+]+/).includes('openid')
    response.json({
      ...bearer(accessToken, MONTH_SECONDS),
      refresh_token: newToken(),
      scope: grant.scope,
      ...(openid ? { id_token: idTokens.issueForWeb(user, grant.nonce ? { nonce: grant.nonce } : {}) } : {}),
    })
  }

  function issueToChannel(form: Record<string, string>, seconds: number, response: Response): void {
    if (form['grant_type'] !== 'client_credentials') {
      return void refuse(response, 'unsupported grant_type', 'unsupported_grant_type')
    }
    const channelId = form['client_id']
    const secret = channelId && secrets().get(channelId)
    if (!secret || secret !== form['client_secret']) {
      return void refuse(response, 'invalid client credentials', 'invalid_client')
    }
    response.json(bearer(accessTokens.issue({ channelId, seconds }), seconds))
  }

  function secrets(): Map<string, string> {
    return new Map([
      [channel.channelId, channel.channelSecret],
      [channel.loginChannelId, channel.loginChannelSecret],
    ])
  }

  function loggedIn(request: Request) {
    const token = accessTokens.find(bearerOf(request) ?? '')
    return token && token !== 'expired' && token.userId ? world.users.get(token.userId) : undefined
  }

  function secondsLeft(expiresAt: number): number {
    return expiresAt === Number.POSITIVE_INFINITY
      ? MONTH_SECONDS
      : Math.floor((expiresAt - context.clock.now()) / 1000)
  }
}

const bearer = (token: string, seconds: number) => ({
  token_type: 'Bearer',
  access_token: token,
  expires_in: seconds,
})

function refuse(response: Response, description: string, error = 'invalid_request'): void {
  response.status(400).json({ error, error_description: description })
}
