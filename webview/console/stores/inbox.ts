import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import * as api from '../api/conversations.ts'
import { useLive } from './live.ts'
import { attempt } from './notices.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { useSession } from './session.ts'

export const tabs = ['mine', 'unassigned', 'all'] as const
export type Tab = (typeof tabs)[number]
export const statuses = ['open', 'snoozed', 'resolved'] as const
export type Status = (typeof statuses)[number]

export interface Filter {
  tab: Tab
  status: Status
  q: string
}

const assigneeOf = { mine: 'me', unassigned: 'none', all: 'all' } as const

/** The list on the left: conversations as the filter asks for them, newest first, always up to date. */
export const useInbox = defineStore('inbox', () => {
  const filter = ref<Filter>({ tab: 'all', status: 'open', q: '' })
  const rows = ref<api.ConversationView[]>([])
  const counts = ref<api.ConversationPage['counts'] | null>(null)
  const cursor = ref<string | null>(null)
  const loading = ref(false)
  const loaded = ref(false)
  const unread = computed(() => rows.value.reduce((sum, row) => sum + row.unread, 0))
  let asked = 0

  async function load(wanted: Filter = filter.value): Promise<void> {
    filter.value = { ...wanted }
    const turn = ++asked
    loading.value = true
    const page = await attempt(() => api.listConversations(query()))
    // An answer to an older question must not cover a newer one.
    if (turn !== asked) return
    loading.value = false
    if (!page) return
    loaded.value = true
    rows.value = sorted(page.conversations)
    cursor.value = page.next
    counts.value = page.counts
  }

  async function loadMore(): Promise<void> {
    if (!cursor.value || loading.value) return
    loading.value = true
    const page = await attempt(() => api.listConversations({ ...query(), cursor: cursor.value }))
    loading.value = false
    if (!page) return
    cursor.value = page.next
    for (const row of page.conversations) put(row)
  }

  const query = () => ({
    status: filter.value.status,
    assignee: assigneeOf[filter.value.tab],
    q: filter.value.q,
  })

  /** Takes in a conversation as it is now: it may come into this list, move in it, or leave it. */
  function put(row: api.ConversationView): void {
    const others = rows.value.filter(({ id }) => id !== row.id)
    const known = others.length < rows.value.length
    rows.value = belongs(row) && (known || !filter.value.q) ? sorted([...others, row]) : others
  }

  function belongs(row: api.ConversationView): boolean {
    const { tab, status } = filter.value
    if (row.state !== status) return false
    if (tab === 'mine') return row.assignee?.id === useSession().me?.id
    return tab === 'all' || row.assignee === null
  }

  /** The conversation that was last fetched anew, in the list or not. */
  const fetched = shallowRef<api.ConversationView | null>(null)
  const refreshing = new Map<string, () => void>()

  /** Fetches one conversation anew; many events about it at once become one request, and an older answer comes first. */
  function refresh(id: string): void {
    const again = refreshing.get(id) ?? oneAtATime(() => attempt(() => fetchOne(id)), 120)
    refreshing.set(id, again)
    again()
  }

  async function fetchOne(id: string): Promise<void> {
    const found = await api.findConversation(id)
    put(found)
    fetched.value = found
  }

  const live = useLive()
  live.on('conversation', ({ id }) => refresh(id))
  live.on('order', ({ conversationId }) => conversationId && refresh(conversationId))
  live.onConnected(() => void load())

  return { filter, rows, counts, cursor, loading, loaded, unread, fetched, load, loadMore, put, refresh }
})

const sorted = (rows: api.ConversationView[]) =>
  [...rows].sort((one, other) => other.lastMessageAt.localeCompare(one.lastMessageAt))
