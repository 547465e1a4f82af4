import express, { type Request, type Router } from 'express'
import { isLoopback } from '../../context.ts'
import { escapeHtml, page } from '../../html.ts'
import type { LineService } from '../service.ts'
import type { LineUser } from '../types.ts'
import { choosePerson } from './choose.ts'
import type { Codes, Grant } from './codes.ts'

/** The login page that access.line.me shows, where one picks which simulated person to be. */
export function authorize(service: LineService, codes: Codes): Router {
  const router = express.Router()

  router.get('/oauth2/v2.1/authorize', (request, response) => {
    const problem = problemWith(request)
    if (problem) {
      const text = `<main><h1>400 Bad Request</h1><p>${escapeHtml(problem)}</p></main>`
      return void response.status(400).type('html').send(page('LINE Login', text))
    }
    const chosen = service.world.users.get(text(request, 'sim_user') ?? '')
    const back = new URL(text(request, 'redirect_uri') as string)
    const state = text(request, 'state') as string
    if (text(request, 'sim_user') === 'none') {
      back.searchParams.set('error', 'access_denied')
      back.searchParams.set('error_description', 'The resource owner denied the request.')
      back.searchParams.set('state', state)
      return void response.redirect(302, back.href)
    }
    if (!chosen) return void response.type('html').send(choosePerson(service, request.originalUrl, true))
    back.searchParams.set('code', codes.issue(grantOf(request, chosen)))
    back.searchParams.set('state', state)
    response.redirect(302, back.href)
  })

  return router

  function problemWith(request: Request): string | undefined {
    if (text(request, 'response_type') !== 'code') return 'response_type must be code'
    if (text(request, 'client_id') !== service.channel.loginChannelId) return 'client_id is not known'
    if (!text(request, 'state')) return 'state is required'
    if (!text(request, 'scope')) return 'scope is required'
    const redirect = text(request, 'redirect_uri')
    const address = redirect && URL.canParse(redirect) ? new URL(redirect) : undefined
    // The real one compares with a list in its console; here it is enough that this machine is meant.
    if (!address || !(address.protocol === 'https:' || isLoopback(address))) {
      return 'redirect_uri does not match any of the registered addresses'
    }
    return undefined
  }
}

function grantOf(request: Request, user: LineUser): Grant {
  const nonce = text(request, 'nonce')
  const codeChallenge = text(request, 'code_challenge')
  return {
    userId: user.userId,
    redirectUri: text(request, 'redirect_uri') as string,
    scope: text(request, 'scope') as string,
    ...(nonce ? { nonce } : {}),
    ...(codeChallenge ? { codeChallenge } : {}),
  }
}

/** A query parameter, when it is there once. */
const text = (request: Request, name: string): string | undefined => {
  const value = request.query[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
