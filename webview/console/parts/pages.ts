import { onMounted, type Ref, ref } from 'vue'
import { attempt } from '../stores/notices.ts'

/** A list that the server gives page by page. `load` begins at the top again. */
export function usePages<Row>(
  fetchPage: (cursor: string | null) => Promise<{ rows: Row[]; cursor: string | null }>,
) {
  const rows: Ref<Row[]> = ref([])
  const cursor = ref<string | null>(null)
  const loading = ref(false)
  const loaded = ref(false)
  let turn = 0

  async function load(): Promise<void> {
    const mine = ++turn
    loading.value = true
    const page = await attempt(() => fetchPage(null))
    // An answer to an older question must not cover a newer one.
    if (mine !== turn) return
    loading.value = false
    if (!page) return
    loaded.value = true
    rows.value = page.rows
    cursor.value = page.cursor
  }

  async function more(): Promise<void> {
    if (!cursor.value || loading.value) return
    const mine = turn
    loading.value = true
    const page = await attempt(() => fetchPage(cursor.value))
    loading.value = false
    if (!page || mine !== turn) return
    rows.value = [...rows.value, ...page.rows]
    cursor.value = page.cursor
  }

  onMounted(load)
  return { rows, cursor, loading, loaded, load, more }
}

/** Calls it once somebody has stopped typing. */
export function afterTyping(act: () => void, pause = 250): () => void {
  let timer: ReturnType<typeof setTimeout>
  return () => {
    clearTimeout(timer)
    timer = setTimeout(act, pause)
  }
}
