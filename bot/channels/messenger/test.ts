import type { MessengerSettings } from '../../../server/settings.ts'
import type { Words } from '../../../server/shop/contract.ts'
import type { Channel } from '../../channel.ts'
import { GraphRefusal } from './errors.ts'
import type { Graph } from './graph.ts'

type Report = Awaited<ReturnType<Channel['test']>>

const setUp = { key: 'ready.test.messenger.setUp' }

/** Asks Meta who we are, where webhooks go and what is set; says in words what is wrong. Never throws. */
export async function testMessenger(graph: Graph, keys: MessengerSettings, wanted: string): Promise<Report> {
  const began = performance.now()
  const report = (ok: boolean, answer: Words, advice: Words = ''): Report => ({
    ok,
    latencyMs: Math.round(performance.now() - began),
    answer,
    advice,
  })
  try {
    const page = await graph.get('me', { fields: 'id,name' })
    const [id, name] = [String(page['id']), String(page['name'])]
    if (id !== keys.pageId) {
      const answer = { key: 'ready.test.messenger.otherPage', values: { name, id } }
      return report(false, answer, { key: 'ready.test.messenger.otherPageNext' })
    }
    if (!keys.appId) return report(true, { key: 'ready.test.messenger.noApp', values: { name } })
    const { data } = await graph.getAsApp(`${keys.appId}/subscriptions`)
    const row = (Array.isArray(data) ? data : []).find((one) => one?.object === 'page') as
      | { callback_url?: string; active?: boolean }
      | undefined
    if (row?.callback_url !== wanted) {
      const answer = row?.callback_url
        ? { key: 'ready.test.elsewhere', values: { name, url: row.callback_url } }
        : { key: 'ready.test.nowhere', values: { name } }
      return report(false, answer, setUp)
    }
    if (!row.active) return report(false, { key: 'ready.test.messenger.stopped', values: { name } }, setUp)
    return report(true, { key: 'ready.test.here', values: { name, url: wanted } })
  } catch (error) {
    const { answer, advice } = troubleOf(error)
    return report(false, answer, advice)
  }
}

/** What failed, and what a person can do about it. */
export function troubleOf(error: unknown): { answer: Words; advice: Words } {
  if (error instanceof GraphRefusal) {
    const { status, message: said } = error
    const isToken = error.code === 190 || error.code === 104
    const isSecret = error.subcode === 33
    return {
      answer: { key: 'ready.test.messenger.answered', values: { status, said } },
      advice: {
        key: isToken
          ? 'ready.test.messenger.token'
          : isSecret
            ? 'ready.test.messenger.secret'
            : 'ready.test.moment',
      },
    }
  }
  const answer = error instanceof Error ? error.message : String(error)
  return { answer, advice: { key: 'ready.test.network', values: { keys: 'MESSENGER_API_URL' } } }
}
