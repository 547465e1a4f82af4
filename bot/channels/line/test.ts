import { HTTPFetchError, type messagingApi } from '@line/bot-sdk'
import { messageOf, within } from './errors.ts'

export interface Report {
  ok: boolean
  latencyMs: number
  answer: string
  advice: string
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
  const report = (ok: boolean, answer: string, advice = ''): Report => ({
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
      return report(
        false,
        `${name}: webhooks go to ${endpoint.endpoint || 'no address'}`,
        'Run npm run setup:line to point them here.',
      )
    }
    if (!endpoint.active) {
      return report(
        false,
        `${name}: webhooks are switched off`,
        'Switch on "Use webhook" on the Messaging API tab of the LINE Developers console.',
      )
    }
    return report(true, `${name}: webhooks arrive at ${wantedAddress}`)
  } catch (error) {
    if (error instanceof HTTPFetchError) {
      return report(
        false,
        `LINE answered ${error.status}: ${messageOf(error.body)}`,
        error.status === 401
          ? 'Issue a new channel access token in the LINE Developers console and put it into LINE_CHANNEL_ACCESS_TOKEN.'
          : 'Try again in a moment.',
      )
    }
    return report(
      false,
      error instanceof Error ? error.message : String(error),
      'Check the network, and LINE_API_URL if it is set.',
    )
  }
}
