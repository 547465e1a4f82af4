import type { MessengerSettings } from '../../../server/settings.ts'
import type { Channel } from '../../channel.ts'
import { GraphRefusal } from './errors.ts'
import type { Graph } from './graph.ts'

type Report = Awaited<ReturnType<Channel['test']>>

const setUp = 'Run npm run setup:messenger to point them here.'

/** Asks Meta who we are, where webhooks go and what is set; says in words what is wrong. Never throws. */
export async function testMessenger(graph: Graph, keys: MessengerSettings, wanted: string): Promise<Report> {
  const began = performance.now()
  const report = (ok: boolean, answer: string, advice = ''): Report => ({
    ok,
    latencyMs: Math.round(performance.now() - began),
    answer,
    advice,
  })
  try {
    const { id, name } = await graph.get('me', { fields: 'id,name' })
    if (String(id) !== keys.pageId) {
      return report(
        false,
        `The token belongs to the page ${String(name)} (${String(id)})`,
        'Put the id of that page into MESSENGER_PAGE_ID, or the token of this one into MESSENGER_PAGE_TOKEN.',
      )
    }
    if (!keys.appId) {
      return report(
        true,
        `${String(name)}: the token is right. Set MESSENGER_APP_ID to test the webhook too.`,
      )
    }
    const { data } = await graph.getAsApp(`${keys.appId}/subscriptions`)
    const row = (Array.isArray(data) ? data : []).find((one) => one?.object === 'page') as
      | { callback_url?: string; active?: boolean }
      | undefined
    if (row?.callback_url !== wanted) {
      return report(false, `${String(name)}: webhooks go to ${row?.callback_url || 'no address'}`, setUp)
    }
    if (!row.active) return report(false, `${String(name)}: Meta has stopped to deliver webhooks`, setUp)
    return report(true, `${String(name)}: webhooks arrive at ${wanted}`)
  } catch (error) {
    const { answer, advice } = inWords(error)
    return report(false, answer, advice)
  }
}

/** What failed, and what a person can do about it. */
export function inWords(error: unknown): { answer: string; advice: string } {
  if (error instanceof GraphRefusal) {
    const answer = `Meta answered ${error.status}: ${error.message}`
    const isToken = error.code === 190 || error.code === 104
    return {
      answer,
      advice: isToken
        ? 'Make a new page access token in the Meta app, under Messenger, and put it into MESSENGER_PAGE_TOKEN.'
        : error.subcode === 33
          ? 'MESSENGER_APP_SECRET does not belong to the app of this token: copy it again from the app settings.'
          : 'Try again in a moment.',
    }
  }
  const answer = error instanceof Error ? error.message : String(error)
  return { answer, advice: 'Check the network, and MESSENGER_API_URL if it is set.' }
}
