import type { SandboxContext } from '../context.ts'
import type { MediaShelf } from './media.ts'
import type { People } from './people.ts'
import type { Fields, MessengerPage } from './types.ts'
import type { WebhookSender } from './webhook.ts'
import type { World } from './world.ts'

/** A request that reached the simulated Graph API, for tests that ask what was sent. */
export interface ApiCall {
  at: number
  method: string
  path: string
  status: number
  body?: unknown
}

/** Everything that the parts of the simulated Messenger share. */
export interface MessengerService {
  context: SandboxContext
  page: MessengerPage
  world: World
  people: People
  webhook: WebhookSender
  shelf: MediaShelf
  calls: ApiCall[]
  /** Numbers of receipts that were sent: each only once. */
  receipts: Set<string>
}

/** Whether a page at this address may use the extensions. */
export function isWhitelisted({ world }: MessengerService, url: URL): boolean {
  const domains = (world.profile as Fields)['whitelisted_domains']
  return Array.isArray(domains) && domains.some((one) => new URL(String(one)).host === url.host)
}
