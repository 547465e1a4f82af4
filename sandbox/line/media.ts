import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A picture, video, sound or file that a user sent, or that the shop uploaded for its menu. */
export interface Media {
  contentType: string
  bytes: Buffer
}

export interface MediaShelf {
  keep(id: string, media: Media): void
  find(id: string): Media | undefined
}

/** Files by message id: in memory, and in a folder when there is one, so that old pictures survive a restart. */
export function createMediaShelf(folder: string | undefined): MediaShelf {
  const shelf = new Map<string, Media>()
  if (folder) mkdirSync(folder, { recursive: true })

  return {
    keep(id, media) {
      shelf.set(id, media)
      if (!folder) return
      writeFileSync(join(folder, id), media.bytes)
      writeFileSync(join(folder, `${id}.type`), media.contentType)
    },
    find(id) {
      const known = shelf.get(id)
      // Ids are made here, but arrive in paths: nothing but these characters may name a file.
      if (known || !folder || !/^[\w-]+$/.test(id)) return known
      try {
        const media = {
          bytes: readFileSync(join(folder, id)),
          contentType: readFileSync(join(folder, `${id}.type`), 'utf8'),
        }
        shelf.set(id, media)
        return media
      } catch {
        return undefined
      }
    },
  }
}
