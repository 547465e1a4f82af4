import express, { type Router } from 'express'
import { fields } from '../checks.ts'
import { badParameter, GraphError, noSuchUser } from '../errors.ts'
import type { MessengerService } from '../service.ts'
import type { Person } from '../types.ts'
import {
  answerErrors,
  bodyOf,
  logCalls,
  needsAppToken,
  needsPageToken,
  needsVersion,
  readJson,
} from './http.ts'
import { setProfile } from './profile.ts'
import { send } from './send.ts'
import { subscribe, subscribePage } from './subscriptions.ts'

const RATE_WINDOW = 10 * 60_000
const PROFILE_CALLS = 10

/** The Graph API at its own paths, as far as a page's messages need it. */
export function graphApi(service: MessengerService): Router {
  const { world, page, people, webhook } = service
  const { faults, clock } = service.context
  const router = express.Router()
  const ofPage = needsPageToken(service)
  const ofApp = needsAppToken(service)

  router.use('/:version', needsVersion, logCalls(service), readJson)

  router.get('/:version/me', ofPage, (_request, response) => {
    response.json({ id: page.pageId, name: page.name })
  })
  router.post('/:version/:page/messages', ofPage, send(service))

  router.get('/:version/me/messenger_profile', ofPage, (request, response) => {
    const names = String(request.query['fields'] ?? '').split(',')
    const shown = Object.fromEntries(
      names.flatMap((name) => (world.profile[name] ? [[name, world.profile[name]]] : [])),
    )
    response.json({ data: Object.keys(shown).length ? [shown] : [] })
  })
  router.post('/:version/me/messenger_profile', ofPage, limited(), (request, response) => {
    setProfile(service, bodyOf(request))
    for (const psid of world.people.keys()) world.changed(psid)
    response.json({ result: 'success' })
  })

  router.post('/:version/me/take_thread_control', ofPage, async (request, response) => {
    const person = personOf(fields(bodyOf(request)['recipient'], 'recipient')['id'])
    await people.passControl(person.psid, 'shop')
    response.json({ success: true })
  })
  router.post('/:version/me/pass_thread_control', ofPage, async (request, response) => {
    const body = bodyOf(request)
    if (!body['target_app_id']) throw badParameter('Param target_app_id is required')
    const person = personOf(fields(body['recipient'], 'recipient')['id'])
    await people.passControl(person.psid, 'inbox')
    response.json({ success: true })
  })

  router.post('/:version/:app/subscriptions', ofApp, async (request, response) => {
    await subscribe(service, bodyOf(request))
    response.json({ success: true })
  })
  router.get('/:version/:app/subscriptions', ofApp, (_request, response) => {
    const { url, active, fields: names } = webhook.endpoint
    response.json({
      data: [
        {
          object: 'page',
          callback_url: url,
          active,
          fields: names.map((name) => ({ name, version: 'v25.0' })),
        },
      ],
    })
  })
  router.post('/:version/:page/subscribed_apps', ofPage, (request, response) => {
    subscribePage(service, bodyOf(request))
    response.json({ success: true })
  })
  router.get('/:version/:page/subscribed_apps', ofPage, (_request, response) => {
    const { active, fields: names } = webhook.endpoint
    response.json({ data: active ? [{ id: page.appId, name: 'Parley', subscribed_fields: names }] : [] })
  })

  router.get('/:version/:psid', ofPage, (request, response) => {
    const person = personOf(request.params['psid'])
    if (faults.take<boolean>('messenger', 'profileUnavailable')) {
      throw new GraphError(100, "Unable to access this user's profile", { subcode: 2018218 })
    }
    if (faults.take<boolean>('messenger', 'profileEmpty')) return void response.json({})
    response.json({
      first_name: person.firstName,
      last_name: person.lastName,
      locale: person.locale,
      profile_pic: `${service.context.url()}/__sim/messenger/pictures/${person.psid}.svg`,
      id: person.psid,
    })
  })

  router.use((request, _response) => {
    throw new GraphError(2500, `Unknown path components: ${request.path}`)
  })
  router.use(answerErrors)
  return router

  function personOf(psid: unknown): Person {
    const person = world.people.get(String(psid))
    if (!person) throw noSuchUser()
    return person
  }

  /** Settings may be changed ten times in ten minutes. */
  function limited(): express.RequestHandler {
    let calls: number[] = []
    return (_request, _response, next) => {
      const now = clock.now()
      calls = calls.filter((at) => now - at < RATE_WINDOW)
      if (calls.length >= PROFILE_CALLS)
        throw new GraphError(613, 'Calls to this api have exceeded the rate limit.')
      calls.push(now)
      next()
    }
  }
}
