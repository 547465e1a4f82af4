import type { Settings } from '../../server/settings.ts'
import { messageOf } from '../channels/line/errors.ts'
import { SetupProblem } from './problem.ts'

const deadline = 10_000

interface LiffApp {
  liffId: string
  view: { type: string; url: string }
  scope?: string[]
}

/** Points the LIFF app at the page of orders, with the keys of the LINE Login channel that it belongs to. */
export async function setUpLiff({ line, publicUrl }: Settings): Promise<string> {
  const wanted = `${publicUrl}/w`
  const byHand = `In the LINE Developers console, on the LIFF tab of the LINE Login channel, set the endpoint URL to ${wanted} and tick the scopes openid and profile.`
  if (!line?.liffId) {
    throw new SetupProblem(
      'LIFF_ID is not set: cards open a plain page, and customers fill in their address each time',
      `Add a LIFF app to a LINE Login channel of the same provider, with the endpoint URL ${wanted}, and put its id into LIFF_ID.`,
    )
  }
  const { liffId, loginChannelId, loginChannelSecret, apiUrl } = line
  if (!loginChannelId || !loginChannelSecret) {
    throw new SetupProblem(
      `The address of ${liffId} cannot be looked up without LINE_LOGIN_CHANNEL_ID and LINE_LOGIN_CHANNEL_SECRET`,
      `${byHand} Or put both keys into .env and run this again.`,
    )
  }
  const token = await issueToken(apiUrl, loginChannelId, loginChannelSecret)
  const { apps } = (await call(apiUrl, token, 'GET', '/liff/v1/apps')) as { apps: LiffApp[] }
  const app = apps.find((one) => one.liffId === liffId)
  if (!app) {
    throw new SetupProblem(
      `The LINE Login channel ${loginChannelId} has no LIFF app ${liffId}`,
      `It has ${apps.map((one) => one.liffId).join(', ') || 'none'}: correct LIFF_ID.`,
    )
  }
  if (app.view.url !== wanted) {
    await call(apiUrl, token, 'PUT', `/liff/v1/apps/${encodeURIComponent(liffId)}`, {
      view: { ...app.view, url: wanted },
    })
  }
  if (app.scope && !app.scope.includes('openid')) {
    throw new SetupProblem(`${liffId} lacks the scope openid, so pages cannot learn who opens them`, byHand)
  }
  return `${liffId} opens ${wanted}`
}

/** A token of 15 minutes: nothing to keep, nothing to revoke. */
async function issueToken(apiUrl: string, channelId: string, secret: string): Promise<string> {
  const response = await fetch(`${apiUrl}/oauth2/v3/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: channelId,
      client_secret: secret,
    }),
    signal: AbortSignal.timeout(deadline),
  })
  const body = (await response.json()) as { access_token?: string }
  if (!response.ok || !body.access_token) {
    throw new SetupProblem(
      `LINE refuses the keys of the LINE Login channel ${channelId}`,
      'Copy LINE_LOGIN_CHANNEL_ID and LINE_LOGIN_CHANNEL_SECRET again from the LINE Developers console.',
    )
  }
  return body.access_token
}

async function call(
  apiUrl: string,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(apiUrl + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(deadline),
  })
  const text = await response.text()
  if (!response.ok) {
    throw new SetupProblem(
      `LINE answered ${response.status}: ${messageOf(text)}`,
      'Check that the LIFF app belongs to this LINE Login channel, and try again.',
    )
  }
  return text ? JSON.parse(text) : null
}
