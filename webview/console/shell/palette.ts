import { computed, ref, watch } from 'vue'
import { listConversations } from '../api/conversations.ts'
import { listOrders } from '../api/orders.ts'
import { money } from '../format.ts'
import type { IconName } from '../parts/icons.ts'
import { attempt } from '../stores/notices.ts'
import { useSession } from '../stores/session.ts'
import { named, t } from '../words.ts'
import { dailyPlaces, setupPlaces } from './nav.ts'

export interface Found {
  to: string
  icon: IconName
  title: string
  more: string
}

const PAUSE = 180

/** Conversations, orders and pages that fit what somebody types. */
export function usePalette() {
  const q = ref('')
  const remote = ref<Found[]>([])
  const busy = ref(false)
  let turn = 0

  const places = computed<Found[]>(() => {
    const wanted = q.value.trim().toLowerCase()
    const session = useSession()
    return [...dailyPlaces, ...setupPlaces]
      .filter(({ role }) => !role || session.may(role))
      .map(({ to, icon, word }) => ({ to, icon, title: t(word), more: t('palette.page') }))
      .filter(({ title }) => title.toLowerCase().includes(wanted))
  })
  const found = computed(() => [...remote.value, ...places.value])

  watch(q, (text) => {
    const mine = ++turn
    busy.value = text.trim() !== ''
    if (!busy.value) remote.value = []
    else setTimeout(() => mine === turn && void ask(text.trim(), mine), PAUSE)
  })

  async function ask(text: string, mine: number): Promise<void> {
    const answer = await attempt(() =>
      Promise.all([listConversations({ status: 'all', assignee: 'all', q: text }), listOrders({ q: text })]),
    )
    if (mine !== turn) return
    busy.value = false
    if (!answer) return
    const [{ conversations }, { rows }] = answer
    remote.value = [
      ...conversations.slice(0, 6).map(({ id, customer, preview }) => ({
        to: `/inbox/${id}`,
        icon: 'inbox' as const,
        title: customer.name,
        more: preview,
      })),
      ...rows.slice(0, 6).map((row) => ({
        to: `/orders/${row.id}`,
        icon: 'receipt' as const,
        title: `${row.regNo} · ${row.customerName}`,
        more: `${named('state', row.state)} · ${money(row.total, row.currency)}`,
      })),
    ]
  }

  return { q, found, busy }
}
