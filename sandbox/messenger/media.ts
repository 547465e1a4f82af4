import { createHmac, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import express, { type Router } from 'express'
import type { SandboxContext } from '../context.ts'
import type { Media } from './types.ts'

export interface MediaShelf {
  /** Keeps a file; answers its address, which expires. */
  keep(media: Media): string
  /** The addresses themselves. */
  router: Router
}

/** Files that people sent, at signed addresses that are good for a while only, as on Meta's CDN. */
export function createMediaShelf(
  { clock, faults, dataDir, url }: SandboxContext,
  secret: string,
  path: string,
): MediaShelf {
  const shelf = new Map<string, Media>()
  const folder = dataDir && join(dataDir, 'messenger-media')
  if (folder) mkdirSync(folder, { recursive: true })
  const sign = (id: string, expires: string) =>
    createHmac('sha256', secret).update(`${id}.${expires}`).digest('hex').slice(0, 24)

  const router = express.Router()
  router.get('/:id', (request, response) => {
    const { id } = request.params
    const { oe = '', oh = '' } = request.query as { oe?: string; oh?: string }
    const media = find(id)
    const expired =
      Number.parseInt(oe, 16) * 1000 < clock.now() || faults.take<boolean>('messenger', 'mediaGone')
    // The phone shows old pictures too; whoever else asks comes too late.
    const onPhone = request.query['phone'] === '1'
    if (!media) return void response.status(404).send('Not found')
    if (!onPhone && (oh !== sign(id, oe) || expired)) {
      return void response.status(403).send('URL signature expired')
    }
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    if (!onPhone && faults.take<boolean>('messenger', 'mediaCutShort')) {
      response.writeHead(200, {
        'content-type': media.contentType,
        'content-length': String(media.bytes.length),
      })
      response.write(media.bytes.subarray(0, media.bytes.length / 2), () => request.socket.destroy())
      return
    }
    response.type(media.contentType).send(media.bytes)
  })

  return {
    router,
    keep(media) {
      const id = randomBytes(12).toString('hex')
      shelf.set(id, media)
      if (folder) {
        writeFileSync(join(folder, id), media.bytes)
        writeFileSync(join(folder, `${id}.type`), media.contentType)
      }
      const seconds = faults.get<number>('messenger', 'mediaSeconds')
      const expires = Math.floor(clock.now() / 1000 + seconds).toString(16)
      return `${url()}${path}/${id}?oe=${expires}&oh=${sign(id, expires)}`
    },
  }

  function find(id: string): Media | undefined {
    const known = shelf.get(id)
    if (known || !folder || !/^[0-9a-f]{24}$/.test(id)) return known
    try {
      return {
        bytes: readFileSync(join(folder, id)),
        contentType: readFileSync(join(folder, `${id}.type`), 'utf8'),
      }
    } catch {
      return undefined
    }
  }
}
