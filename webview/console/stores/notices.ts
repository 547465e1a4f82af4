import { defineStore } from 'pinia'
import { ref } from 'vue'
import { CallError, isOffline } from '../api/http.ts'
import { errorText, t } from '../words.ts'

export interface Notice {
  id: number
  tone: 'good' | 'bad' | 'plain'
  text: string
}

const SHOWN = { good: 4000, plain: 5000, bad: 9000 }
let last = 0

/** Short messages at the edge of the screen: what was done, and what went wrong. */
export const useNotices = defineStore('notices', () => {
  const list = ref<Notice[]>([])

  function say(text: string, tone: Notice['tone'] = 'good'): void {
    const id = ++last
    list.value = [...list.value.filter((notice) => notice.text !== text), { id, tone, text }].slice(-3)
    setTimeout(() => close(id), SHOWN[tone])
  }

  function close(id: number): void {
    list.value = list.value.filter((notice) => notice.id !== id)
  }

  return { list, say, close }
})

/** An error in words that help: ours where the catalogue has them, else the server's own. */
export function explain(error: unknown): string {
  if (isOffline(error)) return t('error.offline')
  if (!(error instanceof CallError)) return t('error.bug')
  return (
    errorText(error.code, error.details) ??
    (error.message || t(error.status === 403 ? 'error.role' : 'error.bug'))
  )
}

/**
 * Runs what a person has started. A refusal is said once, in words; the answer is then `undefined`. What is no
 * refusal is a bug: it is said too, and goes to the browser's console.
 */
export async function attempt<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CallError && error.status === 401) return
    useNotices().say(explain(error), 'bad')
    if (!(error instanceof CallError)) console.error(error)
  }
}
