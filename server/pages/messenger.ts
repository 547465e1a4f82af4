import { settings } from '../settings.ts'

/** How a page that was opened from Messenger finds the extensions; null where it was not, or they are not set up. */
export function messengerOf(channel: string | undefined): { appId: string; sdk: string } | null {
  const { messenger } = settings()
  if (channel !== 'messenger' || !messenger?.appId) return null
  const simulated = simulatedMessenger()
  const sdk = simulated
    ? `${simulated}/messenger/sdk.js`
    : 'https://connect.facebook.net/en_US/messenger.Extensions.js'
  return { appId: messenger.appId, sdk }
}

/** Where scripts of the extensions may come from. */
export function messengerSources(): string[] {
  if (!settings().messenger?.appId) return []
  const simulated = simulatedMessenger()
  return [simulated ?? 'https://connect.facebook.net']
}

/** Back to the chat: Messenger's own short address of the page. */
export function messengerChat(): string {
  const { messenger } = settings()
  const simulated = simulatedMessenger()
  if (simulated) return `${simulated}/phone/messenger`
  return messenger ? `https://m.me/${messenger.pageId}` : ''
}

/** The program asks by number and browsers by name: both are the sandbox. */
function simulatedMessenger(): string | null {
  const { messenger, sandboxUrl } = settings()
  const address = messenger?.apiUrl.replace('//127.0.0.1', '//localhost') ?? ''
  return sandboxUrl && address.startsWith(`${sandboxUrl}/`) ? sandboxUrl : null
}
