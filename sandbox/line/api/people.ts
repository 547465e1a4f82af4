import express, { type Router } from 'express'
import { badRequest, notFound } from '../errors.ts'
import { isUserId, newToken } from '../ids.ts'
import type { LineService } from '../service.ts'
import { bodyOf, limitRate, parameter, readJson, SECOND } from './http.ts'

const LINK_TOKEN_LIVES = 10 * 60_000

/** Who people are, and the small courtesies of a chat. */
export function peopleApi(service: LineService): Router {
  const { world, context, channel } = service
  const router = express.Router()
  const often = () => limitRate(service, 2000, SECOND)

  router.get('/info', often(), (_request, response) => {
    response.json({
      userId: channel.botUserId,
      basicId: '@parley-sandbox',
      displayName: channel.displayName,
      chatMode: 'bot',
      markAsReadMode: 'manual',
    })
  })

  router.get('/profile/:userId', often(), (request, response) => {
    const user = world.users.get(parameter(request, 'userId'))
    const hidden = context.faults.take<boolean>('line', 'profileUnavailable')
    // People who blocked the shop, or who never had to do with it, have no profile.
    if (!user || hidden || user.blocked || !world.isReachable(user)) throw notFound()
    const { userId, displayName, pictureUrl, statusMessage, language } = user
    response.json({ userId, displayName, pictureUrl, ...(statusMessage ? { statusMessage } : {}), language })
  })

  router.get('/followers/ids', often(), (request, response) => {
    const limit = Number(request.query['limit'] ?? 300)
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= 1000)) {
      throw badRequest("The value for the 'limit' parameter is invalid")
    }
    const start = Number(request.query['start'] ?? 0) || 0
    const all = [...world.users.values()].filter((user) => user.following).map((user) => user.userId)
    const next = start + limit < all.length ? { next: String(start + limit) } : {}
    response.json({ userIds: all.slice(start, start + limit), ...next })
  })

  router.post('/user/:userId/linkToken', often(), (request, response) => {
    if (!world.users.has(parameter(request, 'userId'))) throw notFound()
    response.json({ linkToken: newToken(), expiresIn: LINK_TOKEN_LIVES / 1000 })
  })

  router.post('/chat/loading/start', limitRate(service, 100, SECOND), readJson, (request, response) => {
    const { chatId, loadingSeconds = 20 } = bodyOf(request)
    if (!isUserId(chatId)) throw invalid('chatId', 'Must be the id of a user')
    const seconds = Number(loadingSeconds)
    if (!(seconds >= 5 && seconds <= 60 && seconds % 5 === 0)) {
      throw invalid('loadingSeconds', 'Must be a multiple of 5 from 5 to 60')
    }
    const user = world.users.get(chatId)
    if (user && world.isReachable(user)) world.showLoading(chatId, seconds * 1000)
    response.status(202).json({})
  })

  router.post('/chat/markAsRead', often(), readJson, (request, response) => {
    const token = bodyOf(request)['markAsReadToken']
    const [userId = '', messageId = ''] = typeof token === 'string' ? token.split('.') : []
    if (world.findEntry(messageId)?.userId !== userId) {
      throw invalid('markAsReadToken', 'The markAsReadToken is invalid')
    }
    const { entries } = world.chat(userId)
    // Reading a message reads everything before it.
    for (const entry of entries.slice(0, entries.findIndex(({ id }) => id === messageId) + 1)) {
      if (entry.from === 'user') entry.read = true
    }
    world.changed(userId)
    response.json({})
  })

  for (const kind of ['group', 'room']) {
    router.post(`/${kind}/:id/leave`, often(), (request, response) => {
      if (!world.groups.delete(parameter(request, 'id'))) throw notFound()
      response.json({})
    })
  }

  router.get('/group/:id/summary', often(), (request, response) => {
    const groupId = parameter(request, 'id')
    if (!world.groups.has(groupId)) throw notFound()
    response.json({ groupId, groupName: 'Group' })
  })

  router.get('/group/:id/member/:userId', often(), (request, response) => {
    const members = world.groups.get(parameter(request, 'id'))
    const user = world.users.get(parameter(request, 'userId'))
    if (!user || !members?.includes(user.userId)) throw notFound()
    response.json({ userId: user.userId, displayName: user.displayName, pictureUrl: user.pictureUrl })
  })

  return router
}

const invalid = (property: string, message: string) =>
  badRequest('The request body has 1 error(s)', [{ message, property }])
