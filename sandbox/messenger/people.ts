import { setTimeout as wait } from 'node:timers/promises'
import { BlockedError } from '../chats/blocked.ts'
import type { SandboxContext } from '../context.ts'
import { newMid } from './ids.ts'
import type { MediaShelf } from './media.ts'
import type { Fields, Media, MessengerPage, Person } from './types.ts'
import type { WebhookSender } from './webhook.ts'
import type { World } from './world.ts'

/** What people do in the app: each of these reaches the shop as a webhook event. */
export interface People {
  /** Writes; returns the new message's id once the shop has been told. */
  say(psid: string, text: string, more?: { quickReply?: string; replyTo?: string }): Promise<string>
  /** Sends files in one message. */
  sendMedia(psid: string, files: Media[]): Promise<string>
  sendSticker(psid: string, stickerId?: number): Promise<string>
  sendLocation(psid: string, place: { lat: number; long: number; title?: string }): Promise<string>
  /** Taps a button of a card or the menu. */
  postback(psid: string, payload: string, title?: string): Promise<void>
  /** Presses "Get started", which only a person without a chat is shown. */
  start(psid: string, ref?: string): Promise<void>
  /** Comes by m.me/page?ref=… */
  arrive(psid: string, ref: string): Promise<void>
  react(psid: string, mid: string, emoji: string | null): Promise<void>
  edit(psid: string, mid: string, text: string): Promise<void>
  unsend(psid: string, mid: string): Promise<void>
  /** Has the chat on the screen: everything up to now is read. */
  read(psid: string): Promise<void>
  block(psid: string): void
  unblock(psid: string): void
  /** A colleague answers in the page's own inbox. */
  answerInInbox(psid: string, text: string): Promise<string>
  /** The page's inbox takes the chat over, or gives it back. */
  passControl(psid: string, owner: Person['owner']): Promise<void>
}

export const inboxAppId = 263902037430900

export function createPeople(
  context: SandboxContext,
  page: MessengerPage,
  { world, webhook, shelf }: { world: World; webhook: WebhookSender; shelf: MediaShelf },
): People {
  const { clock, faults } = context

  const fromPerson = (psid: string, more: Fields): Fields => ({
    sender: { id: psid },
    recipient: { id: page.pageId },
    timestamp: clock.now(),
    ...more,
  })
  const tell = (psid: string, field: string, more: Fields) =>
    webhook.emit(field, fromPerson(psid, more), { standby: world.person(psid).owner !== 'shop' })

  function act(psid: string): Person {
    const person = world.person(psid)
    if (person.blocked) throw new BlockedError(person.firstName, 'page')
    person.lastActionAt = clock.now()
    person.started = true
    return person
  }

  async function write(psid: string, message: Fields, sent: Fields = message): Promise<string> {
    act(psid)
    const mid = newMid()
    world.show(psid, { mid, from: 'user', message })
    await tell(psid, 'messages', { message: { mid, ...sent } })
    return mid
  }

  return {
    say(psid, text, { quickReply, replyTo } = {}) {
      const message = { text, ...(replyTo && { reply_to: { mid: replyTo } }) }
      return write(psid, message, { ...message, ...(quickReply && { quick_reply: { payload: quickReply } }) })
    },
    async sendMedia(psid, files) {
      const attachments = files.map((file) => {
        const kind = file.contentType.split('/')[0] ?? ''
        const type = ['image', 'video', 'audio'].includes(kind) ? kind : 'file'
        return { type, payload: { url: shelf.keep(file) } }
      })
      return write(psid, { attachments })
    },
    sendSticker(psid, stickerId = 369239263222822) {
      const payload = { url: shelf.keep(sticker), sticker_id: stickerId }
      const old = faults.get<boolean>('messenger', 'stickersAsImages')
      const attachments = [{ type: old ? 'image' : 'sticker', payload }]
      return write(psid, { sticker_id: stickerId, attachments })
    },
    sendLocation: (psid, { lat, long, title = 'Pinned location' }) =>
      write(psid, { attachments: [{ type: 'location', title, payload: { coordinates: { lat, long } } }] }),
    async postback(psid, payload, title = '') {
      act(psid)
      if (title) world.show(psid, { from: 'note', message: { text: title } })
      await tell(psid, 'messaging_postbacks', { postback: { mid: newMid(), title, payload } })
    },
    async start(psid, ref) {
      const { get_started: button } = world.profile as { get_started?: { payload?: string } }
      act(psid)
      world.changed(psid)
      await tell(psid, 'messaging_postbacks', {
        postback: {
          mid: newMid(),
          title: 'Get Started',
          payload: button?.payload ?? 'get_started',
          ...(ref && { referral: { ref, source: 'SHORTLINK', type: 'OPEN_THREAD' } }),
        },
      })
    },
    async arrive(psid, ref) {
      const person = world.person(psid)
      if (!person.started) return this.start(psid, ref)
      act(psid)
      await tell(psid, 'messaging_referrals', { referral: { ref, source: 'SHORTLINK', type: 'OPEN_THREAD' } })
    },
    async react(psid, mid, emoji) {
      const entry = world.entry(psid, mid)
      if (!entry) throw new Error(`There is no message ${mid} in this chat`)
      act(psid)
      const { reaction: _, ...bare } = entry
      world.show(psid, emoji ? { ...bare, reaction: emoji } : bare)
      await tell(psid, 'message_reactions', {
        reaction: { mid, action: emoji ? 'react' : 'unreact', ...(emoji && { reaction: 'other', emoji }) },
      })
    },
    async edit(psid, mid, text) {
      const entry = world.entry(psid, mid)
      if (entry?.from !== 'user') throw new Error(`${mid} is not a message of this person`)
      world.show(psid, { ...entry, edited: true, message: { ...entry.message, text } })
      await tell(psid, 'message_edits', { message_edit: { mid, text, num_edit: 1 } })
    },
    async unsend(psid, mid) {
      const entry = world.entry(psid, mid)
      if (entry?.from !== 'user') throw new Error(`${mid} is not a message of this person`)
      world.show(psid, { ...entry, unsent: true, message: {} })
      await tell(psid, 'messages', { message: { mid, is_deleted: true } })
    },
    read: (psid) => tell(psid, 'message_reads', { read: { watermark: clock.now() } }),
    block(psid) {
      world.person(psid).blocked = true
      world.show(psid, { from: 'note', message: { text: 'blocked' } })
    },
    unblock(psid) {
      world.person(psid).blocked = false
      world.show(psid, { from: 'note', message: { text: 'unblocked' } })
    },
    async answerInInbox(psid, text) {
      const { mid } = world.show(psid, { from: 'page', message: { text }, byColleague: true })
      await webhook.emit('message_echoes', {
        sender: { id: page.pageId },
        recipient: { id: psid },
        timestamp: clock.now(),
        // No app_id: a person wrote it.
        message: { mid, is_echo: true, text },
      })
      return mid
    },
    async passControl(psid, owner) {
      const person = world.person(psid)
      person.owner = owner
      world.changed(psid)
      const appId = Number(page.appId)
      await webhook.emit(
        'messaging_handovers',
        fromPerson(psid, {
          pass_thread_control: {
            previous_owner_app_id: owner === 'shop' ? inboxAppId : appId,
            new_owner_app_id: owner === 'shop' ? appId : inboxAppId,
            metadata: '',
          },
        }),
      )
      await wait(0)
    },
  }
}

const sticker: Media = {
  contentType: 'image/svg+xml',
  bytes: Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><path d="M30 86V46l18-34c8 0 12 6 9 16l-3 12h24c8 0 10 8 6 14 4 4 3 10-2 12 2 5 0 9-4 11 1 5-2 9-8 9z" fill="#0084ff"/></svg>',
  ),
}
