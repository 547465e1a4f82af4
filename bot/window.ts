import type { Conversation } from '../models/conversation.ts'
import type { Channel } from './channel.ts'

/**
 * How the shop may write to a customer at this moment: as it likes, only by a person of the staff, or not at all.
 * The platform opens the window when the customer does something; its length is the channel's own.
 */
export function windowAt(
  channel: Channel,
  conversation: Pick<Conversation, 'window'>,
  at: Date,
): 'anybody' | 'staff' | 'closed' {
  if (!channel.limits.window) return 'anybody'
  const { window } = conversation
  if (!window) return 'closed'
  if (at < window.anybody) return 'anybody'
  return at < window.staff ? 'staff' : 'closed'
}
