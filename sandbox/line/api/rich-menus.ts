import express, { type Router } from 'express'
import { badRequest, LineError, notFound } from '../errors.ts'
import type { LineService } from '../service.ts'
import { isFields } from '../validate/check.ts'
import { checkRichMenu, menuSize } from '../validate/rich-menu.ts'
import { bodyOf, HOUR, limitRate, parameter, readJson, SECOND } from './http.ts'

const ALIAS = /^[a-z0-9_-]{1,32}$/
const LARGEST_IMAGE = '1mb'

/** Rich menus: create, show a picture on them, and give them to people. */
export function richMenuApi(service: LineService): Router {
  const { richMenus, shelf, world } = service
  const router = express.Router()
  const often = () => limitRate(service, 2000, SECOND)

  router.post('/richmenu', limitRate(service, 100, HOUR), readJson, (request, response) => {
    const menu = bodyOf(request)
    checkRichMenu(menu)
    response.json({ richMenuId: richMenus.create(menu) })
  })

  router.post('/richmenu/validate', often(), readJson, (request, response) => {
    checkRichMenu(bodyOf(request))
    response.json({})
  })

  router.get('/richmenu/list', limitRate(service, 10, SECOND), (_request, response) => {
    response.json({ richmenus: richMenus.list() })
  })

  aliases()
  sending()

  router.get('/richmenu/:richMenuId', often(), (request, response) => {
    response.json(richMenus.find(parameter(request, 'richMenuId')))
  })

  router.delete('/richmenu/:richMenuId', limitRate(service, 100, HOUR), (request, response) => {
    richMenus.remove(parameter(request, 'richMenuId'))
    tellEverybody()
    response.json({})
  })

  router.get('/richmenu/:richMenuId/content', often(), (request, response) => {
    const picture = shelf.find(parameter(request, 'richMenuId'))
    if (!picture) throw notFound()
    response.type(picture.contentType).send(picture.bytes)
  })

  router.post(
    '/richmenu/:richMenuId/content',
    often(),
    express.raw({ type: () => true, limit: LARGEST_IMAGE }),
    async (request, response) => {
      const richMenuId = parameter(request, 'richMenuId')
      richMenus.find(richMenuId)
      const contentType = request.header('content-type')?.split(';')[0]?.trim() ?? ''
      if (!['image/jpeg', 'image/png'].includes(contentType)) {
        throw new LineError(415, `The content type, '${contentType}', is not supported`)
      }
      if (richMenus.isUploaded(richMenuId)) {
        throw badRequest('An image has already been uploaded to the richmenu')
      }
      const bytes: unknown = request.body
      if (!Buffer.isBuffer(bytes) || bytes.length === 0) throw badRequest('The image is empty')
      await checkPicture(bytes)
      shelf.keep(richMenuId, { contentType, bytes })
      richMenus.markUploaded(richMenuId)
      response.json({})
    },
  )

  return router

  function aliases(): void {
    const of = (alias: string) => {
      const richMenuId = richMenus.aliases.get(alias)
      if (!richMenuId) throw notFound('richmenu alias not found')
      return { richMenuAliasId: alias, richMenuId }
    }
    const target = (fields: unknown): string => {
      const richMenuId = isFields(fields) ? fields['richMenuId'] : undefined
      if (typeof richMenuId !== 'string') throw badRequest('richMenuId must be specified')
      return richMenus.showable(richMenuId).richMenuId
    }
    router.get('/richmenu/alias/list', limitRate(service, 10, SECOND), (_request, response) => {
      response.json({ aliases: [...richMenus.aliases.keys()].map(of) })
    })
    router.post('/richmenu/alias', often(), readJson, (request, response) => {
      const alias = bodyOf(request)['richMenuAliasId']
      if (typeof alias !== 'string' || !ALIAS.test(alias)) throw badRequest('richMenuAliasId is invalid')
      if (richMenus.aliases.has(alias)) throw badRequest('conflict richmenu alias id')
      richMenus.aliases.set(alias, target(request.body))
      response.json({})
    })
    router.get('/richmenu/alias/:alias', often(), (request, response) => {
      response.json(of(parameter(request, 'alias')))
    })
    router.post('/richmenu/alias/:alias', often(), readJson, (request, response) => {
      const { richMenuAliasId } = of(parameter(request, 'alias'))
      richMenus.aliases.set(richMenuAliasId, target(request.body))
      tellEverybody()
      response.json({})
    })
    router.delete('/richmenu/alias/:alias', often(), (request, response) => {
      richMenus.aliases.delete(of(parameter(request, 'alias')).richMenuAliasId)
      response.json({})
    })
  }

  function sending(): void {
    router.post('/user/all/richmenu/:richMenuId', often(), (request, response) => {
      richMenus.defaultId = richMenus.showable(parameter(request, 'richMenuId')).richMenuId
      tellEverybody()
      response.json({})
    })
    router.get('/user/all/richmenu', often(), (_request, response) => {
      if (!richMenus.defaultId) throw notFound('no default richmenu')
      response.json({ richMenuId: richMenus.defaultId })
    })
    router.delete('/user/all/richmenu', often(), (_request, response) => {
      richMenus.defaultId = undefined
      tellEverybody()
      response.json({})
    })
    router.post('/user/:userId/richmenu/:richMenuId', often(), (request, response) => {
      const user = someone(parameter(request, 'userId'))
      user.richMenuId = richMenus.showable(parameter(request, 'richMenuId')).richMenuId
      world.changed(user.userId)
      response.json({})
    })
    router.get('/user/:userId/richmenu', often(), (request, response) => {
      const { richMenuId } = someone(parameter(request, 'userId'))
      if (!richMenuId) throw notFound('the user has no richmenu')
      response.json({ richMenuId })
    })
    router.delete('/user/:userId/richmenu', often(), (request, response) => {
      const user = someone(parameter(request, 'userId'))
      delete user.richMenuId
      world.changed(user.userId)
      response.json({})
    })
  }

  function someone(userId: string) {
    const user = world.users.get(userId)
    if (!user) throw badRequest('The user is not found')
    return user
  }

  function tellEverybody(): void {
    for (const userId of world.users.keys()) world.changed(userId)
  }
}

async function checkPicture(bytes: Buffer): Promise<void> {
  // Loaded when a picture comes: it is large, and most sandboxes never see one.
  const { default: sharp } = await import('sharp')
  const picture = sharp(bytes).metadata()
  const { format, width, height } = await picture.catch(() => ({ format: 'none', width: 0, height: 0 }))
  const { minWidth, maxWidth, minHeight, minRatio } = menuSize
  const fits = width >= minWidth && width <= maxWidth && height >= minHeight && width / height >= minRatio
  if (!['jpeg', 'png'].includes(format) || !fits) {
    throw badRequest(
      `The image must be a JPEG or PNG, ${minWidth} to ${maxWidth} wide, at least ${minHeight} high, and ${minRatio} times as wide as high`,
    )
  }
}
