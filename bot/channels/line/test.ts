import { HTTPFetchError, type messagingApi } from '@line/bot-sdk'
import type { Words } from '../../../server/shop/contract.ts'
import { messageOf, within } from './errors.ts'

export interface Report {
  ok: boolean
  latencyMs: number
  answer: Words
  advice: Words
}

/** People who blocked us, or never agreed to be seen, have no profile. */
export const isUnknownPerson = (error: unknown): boolean =>
  error instanceof HTTPFetchError && error.status === 404

/** Asks LINE who we are and where it sends webhooks; says in words what is wrong. Never throws. */
export async function testLine(
  client: messagingApi.MessagingApiClient,
  wantedAddress: string,
): Promise<Report> {
  const began = performance.now()
  const report = (ok: boolean, answer: Words, advice: Words = ''): Report => ({
    ok,
    latencyMs: Math.round(performance.now() - began),
    answer,
    advice,
  })
  try {
    const { displayName, basicId } = await within(client.getBotInfo())
    const endpoint = await within(client.getWebhookEndpoint()).catch((error: unknown) => {
      if (isUnknownPerson(error)) return { endpoint: '', active: false }
      throw error
    })
    const name = `${displayName} (${basicId})`
    if (endpoint.endpoint !== wantedAddress) {
      const answer = endpoint.endpoint
        ? { key: 'ready.test.elsewhere', values: { name, url: endpoint.endpoint } }
        : { key: 'ready.test.nowhere', values: { name } }
      return report(false, answer, { key: 'ready.test.line.setUp' })
    }
    if (!endpoint.active) {
      const answer = { key: 'ready.test.closed', values: { name } }
      return report(false, answer, { key: 'ready.test.line.switchOn' })
    }
    return report(true, { key: 'ready.test.here', values: { name, url: wantedAddress } })
  } catch (error) {
    if (error instanceof HTTPFetchError) {
      const { status, body } = error
      const answer = { key: 'ready.test.line.answered', values: { status, said: messageOf(body) } }
      const token = status === 401
      return report(false, answer, { key: token ? 'ready.test.line.token' : 'ready.test.moment' })
    }
    const answer = error instanceof Error ? error.message : String(error)
    return report(false, answer, { key: 'ready.test.network', values: { keys: 'LINE_API_URL' } })
  }
}
