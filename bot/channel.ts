import type { IncomingHttpHeaders } from 'node:http'
import type { Settings } from '../server/settings.ts'
import type { Words } from '../server/shop/contract.ts'

/**
 * A chat platform: one file in `channels/` and one line in `channels/index.ts`. Its webhook address follows from
 * its name: `/webhooks/<name>`. It knows the platform's words and nothing of our database.
 */
export interface Channel {
  /** What people call the platform. */
  title: string
  /**
   * Checks the signature over the raw bytes and reads the events. Throws `BadSignature` (401), `BadBody` (400) or
   * `NotOurs` (404).
   */
  read(headers: IncomingHttpHeaders, body: Buffer): Incoming[]
  /** Answers a platform that asks, by GET, whether the address is meant; null when the question is not theirs. */
  handshake?(query: Record<string, unknown>): string | null
  /**
   * Sends the messages of one call, in order. Throws `Refused` (a definite no), `TryLater` (nothing was accepted; with
   * a retry key also: the same key may be used again), `Unanswered` (it may have arrived) or `Partly`, when the first
   * of them were accepted before one of these happened.
   */
  send(outgoing: Outgoing): Promise<Sent>
  /** Name, picture and language as far as the platform tells; null when the person cannot be seen. */
  profile(externalId: string): Promise<Profile | null>
  /** The bytes of what a customer sent. `TryLater` while the platform still prepares it; null when it is gone. */
  media(reference: string): Promise<{ type: string; bytes: Buffer } | null>
  /** Shows the customer that somebody is writing. Best effort. */
  typing(externalId: string): Promise<void>
  /** Leaves a group or room that the bot was added to. Nothing where there are no groups. */
  leave(group: { type: string; id: string }): Promise<void>
  /** Whether keys and address work, for the *ready to go live* page. Never throws. */
  test(): Promise<{ ok: boolean; latencyMs: number; answer: Words; advice: Words }>
  limits: {
    /** UTF-16 units of one text. */
    text: number
    messagesPerCall: number
    /** The largest webhook of this platform, bytes. */
    webhook: number
    /** How long a reply token may be used, milliseconds from receipt; 0 where there is none. */
    replyWindow: number
    quickReplies: number
    /**
     * How long after a customer's last action the shop may write: anything at first, later only what a person of the
     * staff writes. Milliseconds; null where there is no such limit.
     */
    window: { anybody: number; staff: number } | null
    /** Whether a call may go again under its `retryKey`. If not, what was cut off is in doubt. */
    retryKeys: boolean
    /** Whether the addresses of profile pictures expire, so that ours is a copy. */
    picturesExpire: boolean
    /** Whether the platform says when somebody comes back who has blocked the shop. */
    tellsReturn: boolean
  }
  /** The folder of card templates in `cards/`, or null: then cards are sent as text with a link. */
  cards: string | null
  /** Where "back to the chat" leads in a browser; empty where there is no such address. */
  chatUrl: string
}

export type ChannelFactory = (settings: Settings) => Channel | undefined

/** One event from a platform, in our words. `key` is the person (or group): events of one key keep their order. */
export interface Incoming {
  eventId: string
  key: string
  /** When it happened, milliseconds. */
  timestamp: number
  /** Null for groups and for events that are about nobody. */
  externalId: string | null
  replyToken: string | null
  /** Another app has this chat: staff may read along, and the bot stays silent. */
  standby?: boolean
  event: IncomingEvent
}

export type IncomingEvent =
  | { kind: 'message'; message: IncomingMessage }
  | { kind: 'postback'; data: string; label: string; messageId: string | null }
  | { kind: 'follow'; unblocked: boolean }
  | { kind: 'unfollow' }
  | { kind: 'unsend'; messageId: string }
  | { kind: 'edited'; messageId: string; text: string }
  /** `emoji` is null when it was taken away again. */
  | { kind: 'reaction'; messageId: string; emoji: string | null }
  /** Came by a link or an ad into a chat that was there already. */
  | { kind: 'referral'; ref: string }
  /**
   * What went out in the shop's name: our own, told by its `mark`, or what a colleague wrote elsewhere. Never input.
   */
  | { kind: 'echo'; mark: string | null; message: IncomingMessage }
  /** Ours have arrived: these, or all until then. */
  | { kind: 'delivered'; messageIds: string[]; until: number }
  | { kind: 'read'; until: number }
  /** Another app takes the chat, or gives it back to us. */
  | { kind: 'handover'; ours: boolean }
  /** The platform warns or punishes the shop. */
  | { kind: 'warning'; words: string }
  | { kind: 'joined'; group: { type: string; id: string } }
  | { kind: 'group'; group: { type: string; id: string } }
  /** Stored and left alone: what the platform invents tomorrow, standby events, events of other accounts. */
  | { kind: 'ignored'; type: string }

export interface IncomingMessage {
  id: string
  kind: 'text' | 'image' | 'video' | 'audio' | 'file' | 'sticker' | 'location' | 'unknown'
  text: string
  /** What `media()` is asked for, when there is something to copy. */
  mediaReference: string | null
  /** Sticker ids, coordinates, file name and size … */
  data: Record<string, unknown>
}

export interface Outgoing {
  to: string
  messages: OutgoingMessage[]
  /** Used instead of a push while it is fresh; `retryKey` then plays no part. */
  replyToken: string | null
  /** The platform's idempotency key where it has one. */
  retryKey: string
  /** One for each message. They come back with the echoes, where there are any, and tell which of ours it is. */
  marks: string[]
  /** `staff`: the time for anything else is over, and a person of the staff writes. */
  window: 'anybody' | 'staff'
  /** A person wrote it, so it may take a chat back from another app. */
  byPerson: boolean
}

export type OutgoingMessage =
  | { kind: 'text'; text: string; quickReplies?: QuickReply[] }
  | { kind: 'image'; url: string; previewUrl: string }
  /** The platform's own JSON, as a card template rendered it. */
  | { kind: 'card'; card: unknown; fallback: string; quickReplies?: QuickReply[] }

export interface QuickReply {
  label: string
  /** A postback when there is data; otherwise the customer says the label. */
  data?: string
}

export interface Sent {
  /** The platform's ids, in the order of the messages, as far as it gives them. */
  ids: string[]
  requestId: string | null
}

export interface Profile {
  name: string
  picture: string | null
  language: string | null
}

export class BadSignature extends Error {}
export class BadBody extends Error {}
/** Signed, and about something that this address is not for. */
export class NotOurs extends Error {}

/**
 * The platform said no and will say no again. `blocked`: this person cannot be reached any more; `window`: the time
 * for it is over; `restricted`: the whole shop may not send for now; `elsewhere`: another app has the chat.
 */
export class Refused extends Error {
  readonly reason:
    | 'blocked'
    | 'quota'
    | 'token'
    | 'reply_token'
    | 'invalid'
    | 'window'
    | 'restricted'
    | 'elsewhere'
    | 'other'
  constructor(reason: Refused['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** Nothing was accepted, or the same retry key makes it safe: come back after so many milliseconds. */
export class TryLater extends Error {
  readonly after: number
  constructor(after: number, message: string) {
    super(message)
    this.after = after
  }
}

/** It may have arrived, and there is no key to ask again with. */
export class Unanswered extends Error {}

/** The first of a call's messages were accepted, under these ids, before `cause` happened to the next. */
export class Partly extends Error {
  readonly ids: string[]
  constructor(ids: string[], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.ids = ids
  }
}
