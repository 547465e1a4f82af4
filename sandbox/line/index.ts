import { join } from 'node:path'
import express, { type Router } from 'express'
import type { SandboxContext } from '../context.ts'
import { messagingApi } from './api/index.ts'
import { createLineHandle, type LineHandle } from './handle.ts'
import { knobs } from './knobs.ts'
import { createAccessTokens } from './login/access-tokens.ts'
import { createIdTokens } from './login/id-tokens.ts'
import { lineLogin } from './login/index.ts'
import { createMediaShelf } from './media.ts'
import { createPeople } from './people.ts'
import { createReplyTokens } from './reply-tokens.ts'
import { createRetryKeys } from './retry-keys.ts'
import { createRichMenus } from './rich-menus.ts'
import type { LineService } from './service.ts'
import { lineControl } from './sim.ts'
import { keepWorld } from './store.ts'
import type { LineChannel } from './types.ts'
import { createWebhookSender } from './webhook.ts'
import { createWorld } from './world.ts'

export type { LineHandle } from './handle.ts'
export type { LineChannel } from './types.ts'

/**
 * LINE, simulated on the wire: the Messaging API at its own paths, webhooks signed over their exact bytes, LINE Login
 * and LIFF, and knobs for everything that can go wrong. `close` the handle when done.
 */
export function line(channel: LineChannel, context: SandboxContext): { router: Router; handle: LineHandle } {
  context.faults.define('line', knobs)
  const service = createService(channel, context)
  const idTokens = createIdTokens(context, channel)
  const file = context.dataDir && join(context.dataDir, 'line.json')
  const keeper = keepWorld(file, service.world, service.richMenus)

  const router = express.Router()
  router.use('/v2/bot', messagingApi(service))
  router.use('/__sim/line', lineControl(service))
  router.use(lineLogin(service, idTokens))
  return { router, handle: createLineHandle(service, idTokens, keeper) }
}

function createService(channel: LineChannel, context: SandboxContext): LineService {
  const { clock, faults, dataDir } = context
  const world = createWorld(clock, context.url)
  const shelf = createMediaShelf(dataDir && join(dataDir, 'media'))
  const replyTokens = createReplyTokens(clock, faults)
  const webhook = createWebhookSender(context, channel, replyTokens)
  return {
    context,
    channel,
    world,
    shelf,
    replyTokens,
    webhook,
    people: createPeople(world, webhook, shelf, clock),
    retryKeys: createRetryKeys(clock),
    richMenus: createRichMenus(),
    accessTokens: createAccessTokens(clock, channel),
    calls: [],
    usage: { total: 0 },
  }
}
