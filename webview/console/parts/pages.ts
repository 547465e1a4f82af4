import { onMounted, type Ref, reactive, ref } from 'vue'
import { attempt } from '../stores/notices.ts'

/** How far a list has come. */
export interface Tail {
  /** Where the next page begins; null at the end. */
  cursor: string | null
  loading: boolean
  /** Whether anything has come yet. */
  loaded: boolean
  more(): Promise<void>
}

/** A list that the server gives page by page. `load` begins at the top again. */
export function usePages<Row>(
  fetchPage: (cursor: string | null) => Promise<{ rows: Row[]; cursor: string | null }>,
) {
  const rows: Ref<Row[]> = ref([])
  const tail: Tail = reactive({ cursor: null, loading: false, loaded: false, more })
  let turn = 0

  async function load(): Promise<void> {
    const mine = ++turn
    tail.loading = true
    const page = await attempt(() => fetchPage(null))
    // An answer to an older question must not cover a newer one.
    if (mine !== turn) return
    tail.loading = false
    if (!page) return
    tail.loaded = true
    rows.value = page.rows
    tail.cursor = page.cursor
  }

  async function more(): Promise<void> {
    if (!tail.cursor || tail.loading) return
    const mine = turn
    tail.loading = true
    const page = await attempt(() => fetchPage(tail.cursor))
    tail.loading = false
    if (!page || mine !== turn) return
    rows.value = [...rows.value, ...page.rows]
    tail.cursor = page.cursor
  }

  onMounted(load)
  return { rows, tail, load }
}

/** Calls it once somebody has stopped typing. */
export function afterTyping(act: () => void, pause = 250): () => void {
  let timer: ReturnType<typeof setTimeout>
  return () => {
    clearTimeout(timer)
    timer = setTimeout(act, pause)
  }
}
