import { BlockedError } from '../chats/blocked.ts'
import type { Clock } from '../clock.ts'
import { newGroupId, newMessageId, newToken } from './ids.ts'
import type { Media, MediaShelf } from './media.ts'
import type { Fields, LineUser, Message, Source } from './types.ts'
import type { WebhookSender } from './webhook.ts'
import type { World } from './world.ts'

/** What people do in the app: each of these reaches the shop as a webhook event. */
export interface People {
  /** Writes in the one-to-one chat; returns the new message's id once the shop has been told. */
  say(userId: string, text: string, more?: { quotedMessageId?: string }): Promise<string>
  /** Sends a picture, video, sound or file. */
  sendMedia(userId: string, media: Media, about?: { fileName?: string; duration?: number }): Promise<string>
  sendSticker(
    userId: string,
    sticker: { packageId: string; stickerId: string; keywords?: string[] },
  ): Promise<string>
  sendLocation(
    userId: string,
    place: { latitude: number; longitude: number; title?: string; address?: string },
  ): Promise<string>
  /** Taps something that posts back. `displayText` appears in the chat as the user's own words. */
  postback(userId: string, data: string, more?: { params?: Fields; displayText?: string }): Promise<void>
  /** Adds the shop as a friend, or unblocks it. */
  follow(userId: string): Promise<void>
  /** Blocks the shop. */
  unfollow(userId: string): Promise<void>
  unsend(userId: string, messageId: string): Promise<void>
  /** Invites the bot to a new group with these people; returns the group's id. */
  joinGroup(members: string[]): Promise<string>
  sayInGroup(groupId: string, userId: string, text: string): Promise<string>
  leaveGroup(groupId: string): Promise<void>
}

export function createPeople(world: World, webhook: WebhookSender, shelf: MediaShelf, clock: Clock): People {
  return {
    say: (userId, text, more = {}) => {
      const fields: Message = { type: 'text', text }
      if (more.quotedMessageId) fields['quotedMessageId'] = more.quotedMessageId
      return write(userId, fields)
    },
    sendMedia(userId, media, about = {}) {
      const id = newMessageId(clock.now())
      shelf.keep(id, media)
      return write(userId, describeMedia(media, about), id)
    },
    sendSticker: (userId, sticker) =>
      write(userId, { type: 'sticker', stickerResourceType: 'STATIC', ...sticker }),
    sendLocation: (userId, place) => write(userId, { type: 'location', ...place }),
    async postback(userId, data, { params, displayText } = {}) {
      const user = awake(userId)
      if (displayText) world.show(userId, { from: 'user', message: { type: 'text', text: displayText } })
      user.lastWroteAt = clock.now()
      await webhook.emit(
        { type: 'postback', postback: { data, ...(params ? { params } : {}) }, source: inChat(userId) },
        { replyable: true },
      )
    },
    async follow(userId) {
      const user = world.user(userId)
      const isUnblocked = user.blocked
      user.following = true
      user.blocked = false
      world.note(userId, isUnblocked ? 'unblocked' : 'followed')
      await webhook.emit(
        { type: 'follow', follow: { isUnblocked }, source: inChat(userId) },
        { replyable: true },
      )
    },
    async unfollow(userId) {
      const user = world.user(userId)
      user.following = false
      user.blocked = true
      world.note(userId, 'blocked')
      await webhook.emit({ type: 'unfollow', source: inChat(userId) })
    },
    async unsend(userId, messageId) {
      const found = world.findEntry(messageId)
      if (!found || found.userId !== userId || found.entry.from !== 'user') {
        throw new Error(`${messageId} is not a message of this user`)
      }
      world.show(userId, { ...found.entry, unsent: true, message: { type: 'text', text: '' } })
      await webhook.emit({ type: 'unsend', unsend: { messageId }, source: inChat(userId) })
    },
    async joinGroup(members) {
      const groupId = newGroupId()
      world.groups.set(groupId, members)
      await webhook.emit({ type: 'join', source: { type: 'group', groupId } }, { replyable: true })
      return groupId
    },
    async sayInGroup(groupId, userId, text) {
      const id = newMessageId(clock.now())
      await webhook.emit(
        {
          type: 'message',
          message: { type: 'text', id, quoteToken: newToken(), text },
          source: { type: 'group', groupId, userId },
        },
        { replyable: true },
      )
      return id
    },
    async leaveGroup(groupId) {
      world.groups.delete(groupId)
      await webhook.emit({ type: 'leave', source: { type: 'group', groupId } })
    },
  }

  function awake(userId: string): LineUser {
    const user = world.user(userId)
    if (user.blocked) throw new BlockedError(user.displayName, 'shop')
    return user
  }

  async function write(userId: string, message: Message, id = newMessageId(clock.now())): Promise<string> {
    const user = awake(userId)
    user.lastWroteAt = clock.now()
    world.show(userId, { id, from: 'user', message })
    await webhook.emit(
      {
        type: 'message',
        message: {
          ...message,
          id,
          ...(quotable.includes(message.type) && { quoteToken: newToken() }),
          markAsReadToken: `${userId}.${id}`,
        },
        source: inChat(userId),
      },
      { replyable: true },
    )
    return id
  }
}

/** Of these alone the platform tells how they are quoted. */
const quotable = ['text', 'sticker', 'image', 'video']

const inChat = (userId: string): Source => ({ type: 'user', userId })

function describeMedia(media: Media, about: { fileName?: string; duration?: number }): Message {
  const contentProvider = { type: 'line' }
  const kind = media.contentType.split('/')[0]
  if (kind === 'image') return { type: 'image', contentProvider }
  if (kind === 'video') return { type: 'video', duration: about.duration ?? 60_000, contentProvider }
  if (kind === 'audio') return { type: 'audio', duration: about.duration ?? 10_000, contentProvider }
  return { type: 'file', fileName: about.fileName ?? 'file', fileSize: media.bytes.length }
}
