import type { Server } from 'node:http'
import { consume, handleEvents } from '../server/broker/index.ts'
import { wakeSnoozed } from '../server/conversation/index.ts'
import type { Route } from '../server/http/index.ts'
import type { Settings } from '../server/settings.ts'
import { forgetAcquaintances } from './acquaintances.ts'
import { backgroundDone, inBackground } from './background.ts'
import { compileCards } from './cards/render.ts'
import { openChannelNames, openChannels } from './channels.ts'
import { startConsole } from './console.ts'
import { handleIncoming } from './inbox.ts'
import { inTurn } from './intake.ts'
import { startMedia, stopMedia } from './media.ts'
import { startMenus } from './menus.ts'
import { reactToCarts, reactToCatalogues } from './reactions/catalogue.ts'
import { reactToOrders } from './reactions/orders.ts'
import { welcomeForgotten } from './reactions/welcome.ts'
import { startSender, stopSender, wakeSender } from './send.ts'
import { type StoredIncoming, webhookRoutes } from './webhooks.ts'

export { channelNamed, openChannelNames } from './channels.ts'
export { setupLine } from './setup-line.ts'
export { setupMessenger } from './setup-messenger.ts'

/** The addresses that chat platforms call. */
export const routes: Route[] = webhookRoutes

const sweepMs = 10_000
const patienceMs = 5000

/**
 * Starts the chat edge: channels, the console's sockets and, in a process that works, sending and reacting. Before
 * the broker, so that its readers are there. Answers with the function that stops it all.
 */
export async function startBot(context: { http: Server; settings: Settings }): Promise<() => Promise<void>> {
  const { http, settings } = context
  openChannels(settings)
  forgetAcquaintances()
  compileCards()
  const stopConsole = await startConsole(http, settings)
  const stopWork = settings.roles.includes('worker') ? startWork(settings) : () => undefined
  return async () => {
    stopWork()
    // What a platform keeps waiting is taken up again at the next start.
    await Promise.race([backgroundDone(), new Promise((resolve) => setTimeout(resolve, patienceMs).unref())])
    await stopConsole()
  }
}

function startWork(settings: Settings): () => void {
  for (const channel of openChannelNames()) {
    handleEvents<StoredIncoming>(channel, (incoming) => inTurn(() => handleIncoming(channel, incoming)))
  }
  consume('bot', 'message.queued', async ({ conversationId }) => wakeSender(conversationId))
  reactToOrders()
  reactToCatalogues()
  reactToCarts()
  startSender()
  startMedia()
  const stopMenus = startMenus(settings)
  const sweep = setInterval(() => {
    inBackground('Welcoming', welcomeForgotten)
    inBackground('Waking what was snoozed', wakeSnoozed)
  }, sweepMs)
  return () => {
    clearInterval(sweep)
    stopMenus()
    stopSender()
    stopMedia()
  }
}
