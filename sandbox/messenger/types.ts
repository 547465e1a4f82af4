/** A JSON object whose fields nobody has checked yet. */
export type Fields = Record<string, unknown>

/** Who the simulated page and app are. All made up, and they must match what Parley is given. */
export interface MessengerPage {
  appId: string
  appSecret: string
  pageId: string
  /** The long-lived page access token. */
  pageToken: string
  /** What the shop must know when Meta tries its webhook address. */
  verifyToken: string
  /** Where webhooks go until somebody subscribes another address. */
  webhookUrl: string
  name: string
}

export interface Person {
  /** The id of this person for this page: digits, longer than a number can hold. */
  psid: string
  firstName: string
  lastName: string
  locale: string
  /** Has blocked the page. */
  blocked: boolean
  /** Their last message, tap, reaction or visit by a link: the window for answers counts from it. */
  lastActionAt?: number
  /** The app that answers: ours, or the page's own inbox after a handover. */
  owner: 'shop' | 'inbox'
  /** Has pressed "Get started". */
  started: boolean
}

/** One line in a person's chat, as the phone shows it. */
export interface Entry {
  /** The platform's message id. Notes have ids of their own. */
  mid: string
  from: 'user' | 'page' | 'note'
  at: number
  message: Fields
  reaction?: string
  edited?: boolean
  unsent?: boolean
  /** Written in the page's inbox by a colleague rather than sent by the shop's program. */
  byColleague?: boolean
}

export interface Chat {
  entries: Entry[]
  typing: boolean
  /** The shop has marked everything up to here as seen. */
  seenAt?: number
}

/** A file that somebody sent. */
export interface Media {
  contentType: string
  bytes: Buffer
}
