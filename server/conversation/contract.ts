import type { ConversationState, MessageKind, MessageState } from '../../models/states.ts'

export interface ConversationView {
  id: string
  channel: string
  customer: {
    id: string
    number: number
    name: string
    picture: string | null
    domain: string
    status: string
    language: string
    reachable: boolean
  }
  state: ConversationState
  assignee: { id: string; name: string } | null
  preview: string
  lastMessageAt: string
  waitingSince: string | null
  /** Until when the platform takes anything, and what staff write; null where it always does. */
  window: { anybody: string; staff: string } | null
  /** Another app answers this customer for now. */
  elsewhere: boolean
  /** What this staff member has not seen. */
  unread: number
  order: { id: string; regNo: string; state: string; total: number; currency: string } | null
}

export interface MessageView {
  id: string
  conversationId: string
  direction: 'in' | 'out' | 'note'
  kind: MessageKind
  text: string
  media: { url: string; type: string; name: string; size: number; state: 'wanted' | 'stored' | 'gone' } | null
  data: Record<string, unknown> | null
  /** The platform's JSON, exactly as sent. */
  card: unknown
  orderId: string | null
  author: { id: string; name: string } | null
  state: MessageState
  /** Why it failed, in words. */
  failure: string | null
  /** How far it came, where the platform tells. */
  receipt: 'delivered' | 'read' | null
  clientId: string | null
  at: string
}

export interface CustomerView {
  id: string
  number: number
  name: string
  picture: string | null
  domain: string
  status: string
  language: string
  email: string | null
  phone: string | null
  notes: string
  labels: string[]
  channels: { channel: string; reachable: boolean }[]
  /** Other customers that are the same person. */
  merged: { id: string; number: number; name: string; channels: string[] }[]
  /** Where this person writes, in every channel, newest first. */
  conversations: { id: string; channel: string; preview: string; lastMessageAt: string }[]
  addresses: number
  orders: {
    id: string
    regNo: string
    state: string
    total: number
    currency: string
    channel: string
    createdAt: string
  }[]
  createdAt: string
}

/** What the console hears on its socket. Ids and versions only as a rule: the screen fetches what it shows. */
export interface ToConsole {
  message: (message: MessageView) => void
  conversation: (conversation: { id: string; lastMessageAt: string }) => void
  order: (order: { id: string; conversationId: string | null; version: number; state: string }) => void
  task: (tasks: { open: number }) => void
  /** Who looks at a conversation or types in it, or edits an order. */
  presence: (presence: {
    conversationId: string
    staff: { id: string; name: string; typing: boolean; editing: boolean }[]
  }) => void
  'customer.page': (page: {
    orderId: string
    conversationId: string | null
    what: string
    at: string
  }) => void
}

/** What the console says on its socket. */
export interface FromConsole {
  view: (conversationId: string | null) => void
  typing: (conversationId: string, typing: boolean) => void
  editing: (conversationId: string, editing: boolean) => void
}
