import { pictureOf } from '../chats/picture.ts'
import type { LineService } from './service.ts'
import type { ChatEntry, LineUser } from './types.ts'

/** What the phone shows of one person's chat. */
export interface ChatView {
  user: LineUser
  shop: { displayName: string; liffId: string }
  entries: ChatEntry[]
  /** Milliseconds that the shop's loading animation still runs. */
  loadingFor: number
  richMenu: unknown
}

export function viewChat(service: LineService, userId: string): ChatView {
  const { world, richMenus, channel, context } = service
  const user = world.user(userId)
  const chat = world.chat(userId)
  const menuId = user.richMenuId ?? richMenus.defaultId
  const menu = richMenus.list().find(({ richMenuId }) => richMenuId === menuId)
  return {
    user,
    shop: { displayName: channel.displayName, liffId: channel.liffId },
    entries: chat.entries,
    loadingFor: Math.max(0, (chat.loadingUntil ?? 0) - context.clock.now()),
    richMenu: menu ?? null,
  }
}

const COLOURS = ['#3f7d58', '#b5543c', '#44618f', '#8a5a9e', '#b0802f', '#2f8290', '#a34a6b', '#5d7236']

/** A picture of somebody who has none: the first letter on a colour of their own. */
export function drawPicture(user: LineUser): string {
  const colour = COLOURS[Number.parseInt(user.userId.slice(-4), 16) % COLOURS.length]
  return pictureOf(user.displayName, colour)
}
