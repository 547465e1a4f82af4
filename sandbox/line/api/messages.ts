import express, { type Request, type Response, type Router } from 'express'
import { badRequest, LineError, monthlyLimit, rateLimited } from '../errors.ts'
import { isReceiver, isUserId, newMessageId, newToken } from '../ids.ts'
import type { SentMessage } from '../retry-keys.ts'
import type { LineService } from '../service.ts'
import type { Message } from '../types.ts'
import { checkMessages } from '../validate/messages.ts'
import { bodyOf, HOUR, limitRate, readJson, requestIdOf, SECOND } from './http.ts'

const MOST_RECEIVERS = 500
const QUOTABLE = ['text', 'textV2', 'sticker', 'image', 'video', 'template']

/** Sending: reply, push, multicast, broadcast, and the calls that only check. */
export function messages(service: LineService): Router {
  const { world, replyTokens, retryKeys } = service
  const { faults } = service.context
  const router = express.Router()
  const often = () => limitRate(service, 2000, SECOND)

  router.post('/reply', often(), readJson, (request, response) => {
    if (retryKeyOf(request) !== undefined) {
      throw badRequest('The X-Line-Retry-Key header is not supported on this endpoint')
    }
    const body = bodyOf(request)
    const list = checkMessages(body)
    if (typeof body['replyToken'] !== 'string' || body['replyToken'] === '') {
      throw badRequest('The request body has 1 error(s)', [
        { message: 'May not be empty', property: 'replyToken' },
      ])
    }
    refuseByKnob({ paid: false })
    const to = replyTokens.use(body['replyToken'])
    const sentMessages = deliver(to, list, body['notificationDisabled'] === true)
    answer(request, response, { sentMessages })
  })

  router.post('/push', often(), readJson, (request, response) => {
    const body = bodyOf(request)
    const to = body['to']
    if (!isReceiver(to)) throw invalidProperty('to')
    const list = checkMessages(body)
    refuseByKnob({ paid: true })
    retryKeys.refuseRepeated(retryKeyOf(request))
    if (!world.users.has(to) && !world.groups.has(to)) throw badRequest('Failed to send messages')
    countUsage(1)
    const sentMessages = deliver(to, list, body['notificationDisabled'] === true)
    retryKeys.accept(retryKeyOf(request), requestIdOf(response), sentMessages)
    answer(request, response, { sentMessages })
  })

  router.post('/multicast', limitRate(service, 200, SECOND), readJson, (request, response) => {
    const body = bodyOf(request)
    const list = checkMessages(body)
    const to = body['to']
    if (!Array.isArray(to) || to.length === 0 || to.length > MOST_RECEIVERS) {
      throw badRequest('The request body has 1 error(s)', [
        { message: `Size must be between 1 and ${MOST_RECEIVERS}`, property: 'to' },
      ])
    }
    to.forEach((id: unknown, index) => {
      if (!isUserId(id)) throw invalidProperty(`to[${index}]`)
    })
    sendToMany(request, response, to as string[], list)
  })

  router.post('/broadcast', limitRate(service, 60, HOUR), readJson, (request, response) => {
    const list = checkMessages(bodyOf(request))
    const friends = [...world.users.values()].filter((user) => user.following).map((user) => user.userId)
    sendToMany(request, response, friends, list)
  })

  for (const kind of ['reply', 'push', 'multicast', 'narrowcast', 'broadcast']) {
    router.post(`/validate/${kind}`, often(), readJson, (request, response) => {
      checkMessages(bodyOf(request))
      response.json({})
    })
  }

  router.post('/markAsRead', often(), readJson, (request, response) => {
    const chat = bodyOf(request)['chat'] as { userId?: unknown } | undefined
    if (!isUserId(chat?.userId) || !world.users.has(chat.userId)) throw invalidProperty('chat.userId')
    for (const entry of world.chat(chat.userId).entries) if (entry.from === 'user') entry.read = true
    world.changed(chat.userId)
    response.json({})
  })

  router.get('/quota', often(), (_request, response) => {
    const value = faults.get<number>('line', 'monthlyLimit')
    response.json(value > 0 ? { type: 'limited', value } : { type: 'none' })
  })

  router.get('/quota/consumption', often(), (_request, response) => {
    response.json({ totalUsage: service.usage.total })
  })

  return router

  function sendToMany(request: Request, response: Response, to: string[], list: Message[]): void {
    refuseByKnob({ paid: true })
    retryKeys.refuseRepeated(retryKeyOf(request))
    const receivers = [...new Set(to)].filter((userId) => world.users.has(userId))
    countUsage(receivers.length)
    for (const userId of receivers) deliver(userId, list, bodyOf(request)['notificationDisabled'] === true)
    retryKeys.accept(retryKeyOf(request), requestIdOf(response))
    answer(request, response, {})
  }

  /** Puts the messages into the chat. To somebody who blocked the shop they are lost, and nobody is told. */
  function deliver(to: string, list: Message[], silent: boolean): SentMessage[] {
    const user = world.users.get(to)
    const seen = user !== undefined && world.isReachable(user)
    return list.map((message) => {
      const id = newMessageId(service.context.clock.now())
      if (seen) world.show(to, { id, from: 'shop', message, ...(silent ? { silent } : {}) })
      return QUOTABLE.includes(message.type) ? { id, quoteToken: newToken() } : { id }
    })
  }

  function countUsage(receivers: number): void {
    const limit = faults.get<number>('line', 'monthlyLimit')
    if (limit > 0 && service.usage.total + receivers > limit) throw monthlyLimit()
    service.usage.total += receivers
  }

  function refuseByKnob({ paid }: { paid: boolean }): void {
    if (faults.take<boolean>('line', 'failBeforeAccepting')) throw new LineError(500, 'An error occurred')
    if (faults.take<boolean>('line', 'rateLimited')) throw rateLimited()
    if (paid && faults.take<boolean>('line', 'monthlyLimitReached')) throw monthlyLimit()
  }

  /** Everything has been done: what the caller hears of it is another matter. */
  function answer(request: Request, response: Response, body: object): void {
    if (faults.take<boolean>('line', 'neverAnswer')) return
    if (faults.take<boolean>('line', 'hangUpAfterAccepting')) return void request.socket.destroy()
    if (faults.take<boolean>('line', 'failAfterAccepting')) throw new LineError(500, 'An error occurred')
    response.json(body)
  }
}

const retryKeyOf = (request: Request): string | undefined => request.header('x-line-retry-key')

const invalidProperty = (name: string): LineError =>
  badRequest(`The property, '${name}', in the request body is invalid (line: -, column: -)`)
