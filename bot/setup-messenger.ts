import { inWords } from '../server/language/index.ts'
import type { MessengerSettings, Settings } from '../server/settings.ts'
import { createGraph, type Graph } from './channels/messenger/graph.ts'
import { troubleOf } from './channels/messenger/test.ts'
import { setUpPageProfile } from './setup/page-profile.ts'
import { SetupProblem } from './setup/problem.ts'
import type { SetupLine } from './setup-line.ts'

/** What the page must tell us. */
const fields = [
  'messages',
  'messaging_postbacks',
  'message_echoes',
  'message_deliveries',
  'message_reads',
  'messaging_referrals',
  'messaging_optins',
  'messaging_handovers',
  'standby',
  'message_reactions',
  'message_edits',
  'messaging_policy_enforcement',
]

/**
 * Sets everything that Meta lets a program set: the webhook address, tried out at once, what the page tells us, and
 * what customers see: menu, greeting, first questions, and the domain that opens inside the chat. Each step stands
 * alone and says what it did; nothing throws.
 */
export async function setupMessenger(settings: Settings): Promise<SetupLine[]> {
  const { messenger } = settings
  if (!messenger) {
    const advice =
      'Put MESSENGER_APP_SECRET, MESSENGER_PAGE_TOKEN and MESSENGER_PAGE_ID of the Meta app into .env.'
    return [{ what: 'Messenger', ok: false, answer: 'switched off: there are no keys', advice }]
  }
  const graph = createGraph(messenger)
  const account = await step('Page access token', () => findPage(graph, messenger))
  // With a wrong token nothing else can work, and four red lines would hide the one that matters.
  if (!account.ok) return [account]
  return [
    account,
    await step('Webhook address', () => setWebhook(graph, messenger, settings.publicUrl)),
    await step('Events of the page', async () => {
      await graph.post(`${messenger.pageId}/subscribed_apps`, { subscribed_fields: fields })
      return `the page tells ${fields.length} kinds of events`
    }),
    await step('Menu and greeting', () => setUpPageProfile(graph)),
    await step('Pages inside the chat', () => setDomain(graph, settings.publicUrl)),
  ]
}

async function findPage(graph: Graph, { pageId }: MessengerSettings): Promise<string> {
  const { id, name } = await graph.get('me', { fields: 'id,name' })
  if (String(id) === pageId) return `${String(name)} (${pageId})`
  throw new SetupProblem(
    `The token belongs to the page ${String(name)} (${String(id)})`,
    'Put the id of that page into MESSENGER_PAGE_ID, or the token of this one into MESSENGER_PAGE_TOKEN.',
  )
}

async function setWebhook(graph: Graph, messenger: MessengerSettings, publicUrl: string): Promise<string> {
  const { appId, verifyToken } = messenger
  const address = `${publicUrl}/webhooks/messenger`
  if (!appId || !verifyToken) {
    throw new SetupProblem(
      `${appId ? 'MESSENGER_VERIFY_TOKEN' : 'MESSENGER_APP_ID'} is not set`,
      'Set both in .env; the verify token may be any words of yours. Or set the address by hand in the Meta app.',
    )
  }
  if (!isReachable(publicUrl)) {
    throw new SetupProblem(
      `Meta calls addresses with https only, and PUBLIC_URL leads to ${address}`,
      'Set PUBLIC_URL to an https address; npm run tunnel gives you one.',
    )
  }
  try {
    await graph.postAsApp(`${appId}/subscriptions`, {
      object: 'page',
      callback_url: address,
      verify_token: verifyToken,
      fields,
      include_values: true,
    })
  } catch (error) {
    if ((error as { code?: number }).code !== 2200) throw error
    throw new SetupProblem(
      `Meta could not use ${address}: ${(error as Error).message}`,
      'Start the shop with the same MESSENGER_VERIFY_TOKEN, check that PUBLIC_URL leads to it from outside, and run this again.',
    )
  }
  return `Meta reaches ${address}`
}

/** Only listed domains open inside the chat, with the extensions that tell the page who opened it. */
async function setDomain(graph: Graph, publicUrl: string): Promise<string> {
  const { origin } = new URL(publicUrl)
  if (!isReachable(publicUrl)) {
    throw new SetupProblem(
      `Meta lists domains with https only, and PUBLIC_URL is ${origin}`,
      'Set PUBLIC_URL to an https address; npm run tunnel gives you one.',
    )
  }
  const { whitelisted_domains: present } = await graph.pageProfile()
  const domains = Array.isArray(present) ? present.map(String) : []
  if (domains.some((one) => URL.canParse(one) && new URL(one).origin === origin))
    return `${origin} is listed already`
  await graph.post('me/messenger_profile', { whitelisted_domains: [...domains, origin] })
  return `${origin} opens inside the chat`
}

/** This machine's own addresses are for simulated platforms. */
const isReachable = (address: string) =>
  address.startsWith('https:') || /^(localhost|127\.)/.test(new URL(address).hostname)

/** A step that ended well says how; one that did not throws what to do. */
async function step(what: string, work: () => Promise<string>): Promise<SetupLine> {
  try {
    return { what, ok: true, answer: await work(), advice: '' }
  } catch (error) {
    if (error instanceof SetupProblem) return { what, ok: false, answer: error.message, advice: error.advice }
    const { answer, advice } = troubleOf(error)
    // The terminal speaks English.
    return { what, ok: false, answer: inWords('en', answer), advice: inWords('en', advice) }
  }
}
