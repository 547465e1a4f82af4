import type { ShopSettings } from '../../models/shop.ts'

/** Everything the owner may edit, with the version it was read at. */
export type ShopSettingsView = Omit<ShopSettings, '_id' | 'seeded' | 'updatedAt'>

export interface TaskView {
  id: string
  kind: string
  subject: string
  orderId: string | null
  conversationId: string | null
  summary: string
  details: Record<string, unknown> | null
  state: 'open' | 'done'
  assignee: { id: string; name: string } | null
  createdAt: string
}

/** A text of the console, said in the reader's language: its key, and what fills it in. Lists are said with commas. */
export interface OwnWords {
  key: string
  values?: Record<string, string | number | Words[]>
}

/** A text of ours; or a name, or what a platform itself answered, as it is. */
export type Words = OwnWords | string

/** A row of the *ready to go live* page. */
export interface ReadinessRow {
  id: string
  title: Words
  state: 'ready' | 'attention' | 'off'
  /** What is the matter. */
  detail: Words
  /** What to do next; empty when there is nothing. */
  advice: Words
  lastWebhookAt: string | null
  /** Keys as staff may see them: the first and last characters. */
  keys: { name: string; masked: string }[]
  testable: boolean
  lastTest: { at: string; ok: boolean; latencyMs: number; answer: Words } | null
}

export interface AuditView {
  id: string
  byName: string
  action: string
  subject: string
  details: Record<string, unknown> | null
  at: string
}
