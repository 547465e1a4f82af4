import type { SandboxContext } from '../context.ts'
import type { AccessTokens } from './login/access-tokens.ts'
import type { MediaShelf } from './media.ts'
import type { People } from './people.ts'
import type { ReplyTokens } from './reply-tokens.ts'
import type { RetryKeys } from './retry-keys.ts'
import type { RichMenus } from './rich-menus.ts'
import type { LineChannel } from './types.ts'
import type { WebhookSender } from './webhook.ts'
import type { World } from './world.ts'

/** A request that reached the simulated API, for tests that ask what was sent. */
export interface ApiCall {
  at: number
  method: string
  path: string
  status: number
  requestId: string
  retryKey?: string
  body?: unknown
}

/** Everything that the parts of the simulated LINE share. */
export interface LineService {
  context: SandboxContext
  channel: LineChannel
  world: World
  people: People
  webhook: WebhookSender
  replyTokens: ReplyTokens
  retryKeys: RetryKeys
  richMenus: RichMenus
  shelf: MediaShelf
  accessTokens: AccessTokens
  calls: ApiCall[]
  /** Messages pushed this month, for the quota. */
  usage: { total: number }
}
