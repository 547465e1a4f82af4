import { computed, onMounted, ref } from 'vue'
import { listReadiness, type ReadinessRow, testConnection } from '../api/shop.ts'
import { attempt } from '../stores/notices.ts'

/** Whether the shop is ready to go live, row by row. */
export function useReadiness() {
  const rows = ref<ReadinessRow[]>([])
  const testing = ref<string | null>(null)
  const ready = computed(() => rows.value.filter(({ state }) => state === 'ready').length)

  onMounted(load)
  async function load(): Promise<void> {
    rows.value = (await attempt(listReadiness)) ?? rows.value
  }

  async function test(id: string): Promise<void> {
    if (testing.value) return
    testing.value = id
    const row = await attempt(() => testConnection(id))
    testing.value = null
    if (row) rows.value = rows.value.map((other) => (other.id === id ? row : other))
  }

  return { rows, ready, testing, test, load }
}
