import express, { type Request, type Router } from 'express'
import { z } from 'zod'
import { changesOf } from '../chats/changes.ts'
import { answerMistakes, readMedia, showTraffic, streamChat } from '../chats/control.ts'
import { contextOf } from './context.ts'
import type { MessengerService } from './service.ts'
import { drawPicture, viewChat } from './view.ts'

const NewPerson = z.strictObject({
  firstName: z.string().min(1).max(100),
  lastName: z.string().max(100).optional(),
  locale: z.string().max(10).optional(),
})
const NewMessage = z.union([
  z.strictObject({ text: z.string().min(1).max(5000), quickReply: z.string().max(1000).optional() }),
  z.strictObject({ sticker: z.literal(true) }),
  z.strictObject({
    location: z.strictObject({ lat: z.number(), long: z.number(), title: z.string().optional() }),
  }),
])
const about = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape)

/** `/__sim/messenger`: everything that people do, for the phone page, for tests, and for a person with curl. */
export function messengerControl(service: MessengerService): Router {
  const { world, people, webhook, page, context } = service
  const router = express.Router()
  const json = express.json({ limit: '1mb' })
  const media = readMedia('60mb')
  const psidOf = (request: Request) => world.person(String(request.params['psid'])).psid

  router.get('/people', (_request, response) => void response.json({ people: [...world.people.values()] }))
  router.post('/people', json, (request, response) => {
    const { firstName, lastName, locale } = NewPerson.parse(request.body)
    const person = world.create({ firstName, ...(lastName && { lastName }), ...(locale && { locale }) })
    response.status(201).json(person)
  })
  router.delete('/people', (_request, response) => {
    world.clear()
    response.json({})
  })

  router.get(
    '/people/:psid/chat',
    (request, response) => void response.json(viewChat(service, psidOf(request))),
  )
  router.post('/people/:psid/messages', json, media, async (request, response) => {
    response.status(201).json({ mid: await write(psidOf(request), request) })
  })

  /** One small thing a person does: its address, what comes with it, and what it leads to. */
  function does<Shape extends z.ZodRawShape>(
    what: string,
    shape: Shape,
    work: (psid: string, given: z.output<z.ZodObject<Shape>>) => Promise<void> | void,
  ): void {
    const schema = about(shape)
    router.post(`/people/:psid/${what}`, json, async (request, response) => {
      await work(psidOf(request), schema.parse(request.body ?? {}) as z.output<z.ZodObject<Shape>>)
      response.json({})
    })
  }
  const mid = z.string()
  does('postback', { payload: z.string(), title: z.string().optional() }, (psid, { payload, title }) =>
    people.postback(psid, payload, title),
  )
  does('start', {}, (psid) => people.start(psid))
  does('arrive', { ref: z.string().max(250) }, (psid, { ref }) => people.arrive(psid, ref))
  does('react', { mid, emoji: z.string().nullable() }, (psid, given) =>
    people.react(psid, given.mid, given.emoji),
  )
  does('edit', { mid, text: z.string().min(1) }, (psid, given) => people.edit(psid, given.mid, given.text))
  does('unsend', { mid }, (psid, given) => people.unsend(psid, given.mid))
  does('read', {}, (psid) => people.read(psid))
  does('block', {}, (psid) => people.block(psid))
  does('unblock', {}, (psid) => people.unblock(psid))
  does('inbox', { text: z.string().min(1).max(2000) }, async (psid, { text }) => {
    await people.answerInInbox(psid, text)
  })
  does('control', { owner: z.enum(['shop', 'inbox']) }, (psid, { owner }) => people.passControl(psid, owner))

  router.post('/people/:psid/context', (request, response) => {
    if (context.faults.take<boolean>('messenger', 'noSignedRequest')) {
      return void response.status(409).json({ error: 'Messenger Extensions are not enabled here' })
    }
    response.json(contextOf(page, world.person(psidOf(request)), context.clock.now()))
  })

  router.get('/people/:psid/stream', (request, response) => {
    const psid = psidOf(request)
    streamChat(response, {
      isThere: () => world.people.has(psid),
      view: () => viewChat(service, psid),
      onChange: changesOf(world, psid),
    })
  })

  router.get('/pictures/:psid.svg', (request, response) => {
    // Shown by the console too, on another origin.
    response.setHeader('cross-origin-resource-policy', 'cross-origin')
    response.type('svg').send(drawPicture(world.person(psidOf(request))))
  })

  showTraffic(router, service)
  router.post('/webhook/flush', async (_request, response) => {
    await webhook.flush()
    response.json({})
  })

  router.use(answerMistakes)
  return router

  async function write(psid: string, request: Request): Promise<string> {
    if (Buffer.isBuffer(request.body)) {
      const contentType = request.header('content-type') ?? 'application/octet-stream'
      return people.sendMedia(psid, [{ contentType, bytes: request.body }])
    }
    const message = NewMessage.parse(request.body)
    if ('sticker' in message) return people.sendSticker(psid)
    if ('location' in message) {
      const { lat, long, title } = message.location
      return people.sendLocation(psid, { lat, long, ...(title && { title }) })
    }
    return people.say(psid, message.text, message.quickReply ? { quickReply: message.quickReply } : {})
  }
}
