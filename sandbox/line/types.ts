/** A JSON object whose fields nobody has checked yet. */
export type Fields = Record<string, unknown>

/** A LINE message object as it was sent, or as it stands in a webhook event. */
export type Message = Fields & { type: string }

/** Who the simulated channel is. All of these are made up, and must match what Parley is given. */
export interface LineChannel {
  channelId: string
  channelSecret: string
  /** The long-lived channel access token that Parley sends as Bearer. */
  accessToken: string
  /** The LINE Login channel that the LIFF app belongs to. */
  loginChannelId: string
  loginChannelSecret: string
  liffId: string
  /** Where LIFF sends a visitor: the endpoint URL that is registered for the LIFF app. */
  liffEndpoint: string
  /** Where webhooks go until somebody changes it through the API. */
  webhookUrl: string
  /** The bot's own user id: the `destination` of every webhook. */
  botUserId: string
  displayName: string
}

export interface LineUser {
  userId: string
  displayName: string
  /** BCP 47, as in the profile: th, en, ja … */
  language: string
  pictureUrl: string
  statusMessage?: string
  /** Added the shop as a friend and has not blocked it. */
  following: boolean
  blocked: boolean
  /** Time of the last message in the one-to-one chat: a stranger can be pushed for 7 days after it. */
  lastWroteAt?: number
  richMenuId?: string
}

/** One line in a user's chat, as the phone shows it. */
export interface ChatEntry {
  /** The LINE message id. Notes ("you blocked this account") have ids of their own. */
  id: string
  from: 'user' | 'shop' | 'note'
  at: number
  message: Message
  /** The shop marked it as read. */
  read?: boolean
  unsent?: boolean
  /** Arrived without a notification sound. */
  silent?: boolean
}

export interface Chat {
  entries: ChatEntry[]
  /** The shop's loading animation runs until this moment. */
  loadingUntil?: number
}

/** Where an event happened. */
export type Source =
  | { type: 'user'; userId: string }
  | { type: 'group'; groupId: string; userId?: string }
  | { type: 'room'; roomId: string; userId?: string }

/** A webhook event without what the sender adds: its id, reply token and delivery context. */
export type NewEvent = Fields & { type: string; source?: Source }
