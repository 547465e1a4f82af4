import express, { type Router } from 'express'
import { notFound } from '../errors.ts'
import type { LineService } from '../service.ts'
import { content } from './content.ts'
import { answerErrors, logCalls, needsChannelToken } from './http.ts'
import { messages } from './messages.ts'
import { peopleApi } from './people.ts'
import { richMenuApi } from './rich-menus.ts'
import { webhookEndpoint } from './webhook-endpoint.ts'

/** The Messaging API, `/v2/bot`: what api.line.me and api-data.line.me answer, on one host. */
export function messagingApi(service: LineService): Router {
  const router = express.Router()
  router.use(logCalls(service))
  router.use(needsChannelToken(service, service.channel.channelId))
  router.use('/message', messages(service))
  router.use('/message', content(service))
  router.use('/channel/webhook', webhookEndpoint(service))
  router.use(richMenuApi(service))
  router.use(peopleApi(service))
  router.use(() => {
    throw notFound()
  })
  router.use(answerErrors)
  return router
}
