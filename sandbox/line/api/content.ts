import express, { type Request, type Response, type Router } from 'express'
import { LineError, notFound } from '../errors.ts'
import type { Media } from '../media.ts'
import type { LineService } from '../service.ts'
import { limitRate, parameter, SECOND } from './http.ts'

/** Files that users sent: 200 with the bytes, 202 while a video is converted, 404 later, 410 after an unsend. */
export function content(service: LineService): Router {
  const { world, shelf } = service
  const { faults } = service.context
  const router = express.Router()
  router.use(limitRate(service, 2000, SECOND))

  for (const path of ['/:messageId/content', '/:messageId/content/preview']) {
    router.get(path, (request, response) => {
      const media = find(parameter(request, 'messageId'))
      if (faults.take<boolean>('line', 'contentNotReady')) return void response.status(202).end()
      if (faults.take<boolean>('line', 'contentCutShort')) return cutShort(request, response, media)
      response.type(media.contentType).send(media.bytes)
    })
  }

  router.get('/:messageId/content/transcoding', (request, response) => {
    find(parameter(request, 'messageId'))
    response.json({ status: faults.get<boolean>('line', 'contentNotReady') ? 'processing' : 'succeeded' })
  })

  return router

  function find(messageId: string): Media {
    const found = world.findEntry(messageId)
    if (found?.entry.unsent) throw new LineError(410, 'Gone')
    const media = shelf.find(messageId)
    if (!found || !media || faults.take<boolean>('line', 'contentGone')) throw notFound()
    return media
  }
}

/** Promises the whole file, sends half of it, and hangs up. */
function cutShort(request: Request, response: Response, media: Media): void {
  response.type(media.contentType).setHeader('content-length', media.bytes.length)
  response.write(media.bytes.subarray(0, Math.floor(media.bytes.length / 2)), () => request.socket.destroy())
}
