import { messagingApi } from '@line/bot-sdk'
import type { Settings } from '../server/settings.ts'
import { messageOf, within } from './channels/line/errors.ts'
import { setUpLiff } from './setup/liff.ts'
import { SetupProblem } from './setup/problem.ts'
import { setUpRichMenu } from './setup/rich-menu.ts'

/** What was set up, or what is in the way and what to do about it. */
export interface SetupLine {
  what: string
  ok: boolean
  answer: string
  /** What to do next; empty when there is nothing. */
  advice: string
}

/** How long LINE may try out our address. */
const testMs = 20_000

/**
 * Sets everything that LINE lets a program set: the webhook address, tried out at once, the rich menu, the LIFF
 * app's address. Each step stands alone and says what it did; nothing throws.
 */
export async function setupLine(settings: Settings): Promise<SetupLine[]> {
  const { line } = settings
  if (!line) {
    const advice =
      'Put LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN of the LINE Developers console into .env.'
    return [{ what: 'LINE', ok: false, answer: 'switched off: there are no keys', advice }]
  }
  const client = new messagingApi.MessagingApiClient({
    channelAccessToken: line.channelAccessToken,
    baseURL: line.apiUrl,
  })
  const account = await step('Channel access token', async () => {
    const { displayName, basicId } = await within(client.getBotInfo())
    return `${displayName} (${basicId})`
  })
  // With a wrong token nothing else can work, and four red lines would hide the one that matters.
  if (!account.ok) return [account]
  return [
    account,
    await step('Webhook address', () => setWebhook(client, `${settings.publicUrl}/webhooks/line`)),
    await step('Rich menu', () => setUpRichMenu(client, settings)),
    await step('LIFF app', () => setUpLiff(settings)),
  ]
}

/** A step that ended well says how; one that did not throws what to do. */
async function step(what: string, work: () => Promise<string>): Promise<SetupLine> {
  try {
    return { what, ok: true, answer: await work(), advice: '' }
  } catch (error) {
    const { answer, advice } = explain(error)
    return { what, ok: false, answer, advice }
  }
}

function explain(error: unknown): { answer: string; advice: string } {
  if (error instanceof SetupProblem) return { answer: error.message, advice: error.advice }
  const { status, body } = error as { status?: number; body?: string }
  if (status === 401) {
    return {
      answer: 'LINE refuses the channel access token',
      advice: 'Issue a new one in the LINE Developers console and put it into LINE_CHANNEL_ACCESS_TOKEN.',
    }
  }
  if (status)
    return { answer: `LINE answered ${status}: ${messageOf(body ?? '')}`, advice: 'Try again in a moment.' }
  const answer = error instanceof Error ? error.message : String(error)
  return { answer, advice: 'Check the network, and LINE_API_URL if it is set.' }
}

async function setWebhook(client: messagingApi.MessagingApiClient, endpoint: string): Promise<string> {
  if (!endpoint.startsWith('https:') && !new URL(endpoint).hostname.match(/^(localhost|127\.)/)) {
    throw new SetupProblem(
      `LINE calls addresses with https only, and PUBLIC_URL leads to ${endpoint}`,
      'Set PUBLIC_URL to an https address; npm run tunnel gives you one.',
    )
  }
  await within(client.setWebhookEndpoint({ endpoint }))
  const test = await within(client.testWebhookEndpoint({ endpoint }), testMs)
  if (!test.success) {
    throw new SetupProblem(
      `LINE could not reach ${endpoint}: ${test.reason} ${test.detail}`.trim(),
      test.statusCode === 401
        ? 'LINE_CHANNEL_SECRET does not belong to this channel: copy it again from the LINE Developers console.'
        : 'Start the shop, check that PUBLIC_URL leads to it from outside, and run this again.',
    )
  }
  const { active } = await within(client.getWebhookEndpoint())
  if (!active) {
    throw new SetupProblem(
      `LINE reaches ${endpoint}, but webhooks are switched off`,
      'Switch on "Use webhook" on the Messaging API tab of the LINE Developers console; no program may do that.',
    )
  }
  return `LINE reaches ${endpoint}`
}
