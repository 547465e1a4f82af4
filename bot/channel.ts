import type { IncomingHttpHeaders } from 'node:http'
import type { Settings } from '../server/settings.ts'

/**
 * A chat platform: one file in `channels/` and one line in `channels/index.ts`. Its webhook address follows from
 * its name: `/webhooks/<name>`. It knows the platform's words and nothing of our database.
 */
export interface Channel {
  /** Checks the signature over the raw bytes and reads the events. Throws `BadSignature` (401) or `BadBody` (400). */
  read(headers: IncomingHttpHeaders, body: Buffer): Incoming[]
  /**
   * Sends the messages of one call, in order. Throws `Refused` (a definite no), `TryLater` (nothing was accepted; with
   * a retry key also: the same key may be used again) or `Unanswered` (it may have arrived).
   */
  send(outgoing: Outgoing): Promise<Sent>
  /** Name, picture and language as far as the platform tells; null when the person cannot be seen. */
  profile(externalId: string): Promise<Profile | null>
  /** The bytes of what a customer sent. `TryLater` while the platform still prepares it; null when it is gone. */
  media(reference: string): Promise<{ type: string; bytes: Buffer } | null>
  /** Shows the customer that somebody is writing. Best effort. */
  typing(externalId: string): Promise<void>
  /** Leaves a group or room that the bot was added to. */
  leave(group: { type: string; id: string }): Promise<void>
  /** Whether keys and address work, for the *ready to go live* page. Never throws. */
  test(): Promise<{ ok: boolean; latencyMs: number; answer: string; advice: string }>
  limits: {
    /** UTF-16 units of one text. */
    text: number
    messagesPerCall: number
    /** How long a reply token may be used, milliseconds from receipt; 0 where there is none. */
    replyWindow: number
    quickReplies: number
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
  event: IncomingEvent
}

export type IncomingEvent =
  | { kind: 'message'; message: IncomingMessage }
  | { kind: 'postback'; data: string; label: string; messageId: string | null }
  | { kind: 'follow'; unblocked: boolean }
  | { kind: 'unfollow' }
  | { kind: 'unsend'; messageId: string }
  | { kind: 'edited'; messageId: string; text: string }
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

/** The platform said no and will say no again. `blocked`: this person cannot be reached any more. */
export class Refused extends Error {
  readonly reason: 'blocked' | 'quota' | 'token' | 'reply_token' | 'invalid' | 'other'
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
