import type { FirstLogin } from './auth/index.ts'
import type { Settings } from './settings.ts'

/** Tells whoever started the program where everything is, how to get in, and what is switched off. */
export function announce(settings: Settings, login: FirstLogin, say: (line: string) => void): void {
  if (!settings.roles.includes('web')) {
    say('This process is a worker: it listens on no port.')
    return
  }
  const { publicUrl, sandboxUrl } = settings
  say('')
  say(
    `  Console   ${publicUrl}/console${login.kind === 'demo' ? `   log in as ${login.username} with ${login.password}` : ''}`,
  )
  if (sandboxUrl) {
    say(`  Phone     ${sandboxUrl}/phone`)
    say(`  Mailbox   ${sandboxUrl}/mailbox`)
  }
  say(`  API       ${publicUrl}/api/docs`)
  say('')
  if (login.kind === 'link') say(`Choose the first admin's password here, within seven days: ${login.url}\n`)
  if (sandboxUrl) {
    say('The outside world is simulated (sandbox): no message and no payment leaves this machine.')
    return
  }
  for (const line of whatIsOff(settings)) say(line)
}

function whatIsOff(settings: Settings): string[] {
  const parts: [unknown, string][] = [
    [settings.line, 'LINE is off: set LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN.'],
    [
      settings.line?.liffId ?? !settings.line,
      'LIFF is off, so addresses are not filled in: set LIFF_ID and LINE_LOGIN_CHANNEL_ID.',
    ],
    [
      settings.messenger,
      'Messenger is off: set MESSENGER_APP_SECRET, MESSENGER_PAGE_TOKEN and MESSENGER_PAGE_ID.',
    ],
    [settings.gateways.omise, 'Omise is off: set OMISE_PUBLIC_KEY and OMISE_SECRET_KEY.'],
    [
      settings.gateways.omise?.webhookSecret ?? !settings.gateways.omise,
      "Omise's webhooks are not verified and count as hints: set OMISE_WEBHOOK_SECRET.",
    ],
    [settings.smtp, 'Mail is off: set SMTP_URL and SMTP_FROM.'],
    [
      settings.https,
      `PUBLIC_URL is ${settings.publicUrl}: LINE and the gateways reach only an https address.`,
    ],
  ]
  return parts.filter(([on]) => !on).map(([, line]) => line)
}
