import { join } from 'node:path'
import express, { type Router } from 'express'
import { keep } from '../chats/keep.ts'
import type { SandboxContext } from '../context.ts'
import { graphApi } from './api/index.ts'
import { createMessengerHandle, type MessengerHandle } from './handle.ts'
import { knobs } from './knobs.ts'
import { createMediaShelf } from './media.ts'
import { createPeople } from './people.ts'
import type { MessengerService } from './service.ts'
import { messengerControl } from './sim.ts'
import type { MessengerPage } from './types.ts'
import { createWebhookSender } from './webhook.ts'
import { createWorld } from './world.ts'

export type { MessengerHandle } from './handle.ts'
export type { MessengerPage } from './types.ts'

/**
 * Messenger, simulated on the wire: the Graph API below `/messenger`, webhooks signed over their exact bytes, files at
 * addresses that expire, the extensions of pages in the chat, and knobs for everything that can go wrong.
 */
export function messenger(
  page: MessengerPage,
  context: SandboxContext,
): { router: Router; handle: MessengerHandle } {
  context.faults.define('messenger', knobs)
  const world = createWorld(context.clock)
  const shelf = createMediaShelf(context, page.appSecret, '/messenger/cdn')
  const webhook = createWebhookSender(context, page)
  const service: MessengerService = {
    context,
    page,
    world,
    shelf,
    webhook,
    people: createPeople(context, page, { world, webhook, shelf }),
    calls: [],
    receipts: new Set(),
  }
  const keeper = keep(context.dataDir && join(context.dataDir, 'messenger.json'), {
    onChange: world.onChange,
    snapshot: world.snapshot,
    restore: world.restore,
    isOurs: ({ people }) => Array.isArray(people),
  })

  const router = express.Router()
  router.use('/messenger/cdn', shelf.router)
  router.get('/messenger/sdk.js', (_request, response) => {
    response.setHeader('cache-control', 'no-cache')
    response.sendFile(join(import.meta.dirname, 'sdk.js'))
  })
  router.use('/messenger', graphApi(service))
  router.use('/__sim/messenger', messengerControl(service))
  return { router, handle: createMessengerHandle(service, keeper) }
}
