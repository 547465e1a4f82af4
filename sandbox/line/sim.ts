import express, { type Request, type Router } from 'express'
import { z } from 'zod'
import { changesOf } from '../chats/changes.ts'
import { answerMistakes, readMedia, showTraffic, streamChat } from '../chats/control.ts'
import { parameter } from './api/http.ts'
import type { LineService } from './service.ts'
import { switchRichMenu } from './switch-menu.ts'
import { drawPicture, viewChat } from './view.ts'

const LARGEST_MEDIA = '50mb'
const NewUser = z.strictObject({
  displayName: z.string().min(1).max(100),
  language: z.string().max(10).optional(),
  userId: z
    .string()
    .regex(/^U[0-9a-f]{32}$/)
    .optional(),
  follow: z.boolean().optional(),
})
const NewMessage = z.union([
  z.object({ type: z.literal('text').optional(), text: z.string().min(1).max(5000) }),
  z.object({
    type: z.literal('sticker'),
    packageId: z.string(),
    stickerId: z.string(),
    keywords: z.array(z.string()).max(15).optional(),
  }),
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    title: z.string().optional(),
    address: z.string().optional(),
  }),
])
const NewPostback = z.strictObject({
  data: z.string().max(300),
  params: z.record(z.string(), z.unknown()).optional(),
  displayText: z.string().max(300).optional(),
})

/** `/__sim/line`: everything that people do, for the phone page, for tests, and for a person with curl. */
export function lineControl(service: LineService): Router {
  const { world, people, webhook } = service
  const router = express.Router()
  const json = express.json({ limit: '1mb' })
  const media = readMedia(LARGEST_MEDIA)

  router.get('/users', (_request, response) => void response.json({ users: [...world.users.values()] }))

  router.post('/users', json, async (request, response) => {
    const { follow, ...about } = NewUser.parse(request.body)
    const user = world.createUser({
      displayName: about.displayName,
      ...(about.language ? { language: about.language } : {}),
      ...(about.userId ? { userId: about.userId } : {}),
    })
    if (follow) await people.follow(user.userId)
    response.status(201).json(user)
  })

  router.delete('/users', (_request, response) => {
    world.clear()
    response.json({})
  })

  router.patch('/users/:userId', json, (request, response) => {
    const user = world.user(parameter(request, 'userId'))
    const { displayName, language } = NewUser.partial().parse(request.body)
    if (displayName) user.displayName = displayName
    if (language) user.language = language
    world.changed(user.userId)
    response.json(user)
  })

  router.get('/users/:userId/chat', (request, response) => {
    response.json(viewChat(service, parameter(request, 'userId')))
  })

  router.post('/users/:userId/messages', json, media, async (request, response) => {
    const messageId = await write(parameter(request, 'userId'), request)
    response.status(201).json({ messageId })
  })

  router.post('/users/:userId/postback', json, async (request, response) => {
    const { data, params, displayText } = NewPostback.parse(request.body)
    await people.postback(parameter(request, 'userId'), data, {
      ...(params ? { params } : {}),
      ...(displayText ? { displayText } : {}),
    })
    response.json({})
  })

  router.post('/users/:userId/switch-menu', json, async (request, response) => {
    const { richMenuAliasId, data } = z
      .strictObject({ richMenuAliasId: z.string(), data: z.string() })
      .parse(request.body)
    await switchRichMenu(service, parameter(request, 'userId'), richMenuAliasId, data)
    response.json({})
  })

  router.post('/users/:userId/follow', async (request, response) => {
    await people.follow(parameter(request, 'userId'))
    response.json({})
  })

  router.post('/users/:userId/unfollow', async (request, response) => {
    await people.unfollow(parameter(request, 'userId'))
    response.json({})
  })

  router.post('/users/:userId/unsend', json, async (request, response) => {
    const { messageId } = z.strictObject({ messageId: z.string() }).parse(request.body)
    await people.unsend(parameter(request, 'userId'), messageId)
    response.json({})
  })

  router.get('/users/:userId/stream', (request, response) => {
    const { userId } = world.user(parameter(request, 'userId'))
    streamChat(response, {
      isThere: () => world.users.has(userId),
      view: () => viewChat(service, userId),
      onChange: changesOf(world, userId),
    })
  })

  router.get('/pictures/:userId.svg', (request, response) => {
    // Shown by the console too, on another origin.
    response.setHeader('cross-origin-resource-policy', 'cross-origin')
    response.type('svg').send(drawPicture(world.user(parameter(request, 'userId'))))
  })

  router.get('/media/:id', (request, response) => {
    const found = service.shelf.find(parameter(request, 'id'))
    if (!found) return void response.status(404).json({ error: 'There is no such file' })
    response.setHeader('content-security-policy', "default-src 'none'; sandbox")
    response.type(found.contentType).send(found.bytes)
  })

  showTraffic(router, service)

  router.post('/webhook/verify', async (_request, response) => void response.json(await webhook.verify()))

  router.post('/webhook/flush', async (_request, response) => {
    await webhook.flush()
    response.json({})
  })

  router.post('/webhook/raw', json, async (request, response) => {
    const { events } = z.strictObject({ events: z.array(z.unknown()) }).parse(request.body)
    response.json(await webhook.sendRaw(events))
  })

  router.use(answerMistakes)
  return router

  async function write(userId: string, request: Request): Promise<string> {
    if (Buffer.isBuffer(request.body)) {
      const fileName = request.header('x-file-name')
      const contentType = request.header('content-type') ?? 'application/octet-stream'
      const about = fileName ? { fileName: decodeURIComponent(fileName) } : {}
      return people.sendMedia(userId, { contentType, bytes: request.body }, about)
    }
    const message = NewMessage.parse(request.body)
    if ('text' in message) return people.say(userId, message.text)
    if (message.type === 'sticker') {
      const { packageId, stickerId, keywords } = message
      return people.sendSticker(userId, { packageId, stickerId, ...(keywords ? { keywords } : {}) })
    }
    const { latitude, longitude, title, address } = message
    return people.sendLocation(userId, {
      latitude,
      longitude,
      ...(title ? { title } : {}),
      ...(address ? { address } : {}),
    })
  }
}
