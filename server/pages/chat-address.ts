import { settings } from '../settings.ts'
import { messengerChat } from './messenger.ts'

let known: (channel: string) => string = () => ''

/** Says where the chat of a channel is, '' while nobody knows: the start gives it, for the server knows no channels. */
export function setChatAddresses(given: (channel: string) => string): void {
  known = given
}

/** Where "back to the chat" leads; '' where a page can only be closed. */
export function chatAddress(channel = 'line'): string {
  if (channel === 'messenger') return messengerChat()
  const { sandboxUrl } = settings()
  return sandboxUrl ? `${sandboxUrl}/phone` : known(channel)
}
