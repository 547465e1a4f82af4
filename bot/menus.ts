import { messagingApi } from '@line/bot-sdk'
import { Connections } from '../models/shop.ts'
import { consume } from '../server/broker/index.ts'
import type { Settings } from '../server/settings.ts'
import { forgetShopSettings, shopSettings } from '../server/shop/index.ts'
import { inBackground } from './background.ts'
import { createGraph } from './channels/messenger/graph.ts'
import { lookOf } from './setup/look.ts'
import { setUpPageProfile } from './setup/page-profile.ts'
import { setUpRichMenu } from './setup/rich-menu.ts'

/** For what no word came of: a platform that had refused, a sample shop that was set up anew beside us. */
const lookEveryMs = 60_000
/** Meta takes ten calls in ten minutes, and a platform that has just refused does so again. */
const pauseMs = 120_000

/**
 * Sets the menus and greetings anew when the shop's name, colour or languages change, wherever they have been set up:
 * a page whose owner never asked for our menu keeps its own. Answers with the function that stops it.
 */
export function startMenus(settings: Settings): () => void {
  const setUp = setUpsOf(settings)
  const pausedUntil = new Map<string, number>()
  let underway = false
  let again = false

  async function renew(): Promise<void> {
    const wanted = lookOf(await shopSettings())
    const found = await Connections.find({ look: { $nin: [null, wanted] } }, { _id: 1 }).lean()
    for (const { _id: channel } of found) {
      if ((pausedUntil.get(channel) ?? 0) > Date.now()) continue
      pausedUntil.set(channel, Date.now() + pauseMs)
      await setUp[channel]?.()
      pausedUntil.delete(channel)
    }
  }

  /** One look at a time; a change that comes meanwhile is looked at after it. */
  async function look(): Promise<void> {
    again = true
    if (underway) return
    underway = true
    try {
      while (again) {
        again = false
        await renew()
      }
    } finally {
      underway = false
    }
  }

  const lookSoon = () => inBackground('Renewing the menus', look)
  consume('menus', 'shop.changed', async () => {
    // Perhaps changed by another process: what we remember of the shop is older.
    forgetShopSettings()
    lookSoon()
  })
  lookSoon()
  const timer = setInterval(lookSoon, lookEveryMs)
  return () => clearInterval(timer)
}

/** How the menu of each channel that is switched on is set up. */
function setUpsOf(settings: Settings): Record<string, () => Promise<unknown>> {
  const { line, messenger } = settings
  const setUps: Record<string, () => Promise<unknown>> = {}
  if (line) {
    const { channelAccessToken, apiUrl: baseURL } = line
    const client = new messagingApi.MessagingApiClient({ channelAccessToken, baseURL })
    setUps['line'] = () => setUpRichMenu(client, settings)
  }
  if (messenger) setUps['messenger'] = () => setUpPageProfile(createGraph(messenger))
  return setUps
}
