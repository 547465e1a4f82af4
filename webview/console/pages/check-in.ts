import { ref } from 'vue'
import { CallError } from '../api/http.ts'
import { checkIn, type DoorView } from '../api/tickets.ts'
import { explain } from '../stores/notices.ts'
import { t } from '../words.ts'

/** What the last code came to, for the staff at the door. */
export interface Outcome {
  look: 'good' | 'warn' | 'bad'
  title: string
  ticket: DoorView | null
}

/** The door: one code after another, each answered in a word that can be read at arm's length. */
export function useCheckIn() {
  const code = ref('')
  const busy = ref(false)
  const outcome = ref<Outcome | null>(null)
  /** How many went in since the page was opened. */
  const count = ref(0)

  async function send(given = code.value): Promise<void> {
    const text = given.trim()
    if (busy.value || !text) return
    busy.value = true
    outcome.value = null
    try {
      outcome.value = { look: 'good', title: t('checkIn.in'), ticket: await checkIn(text) }
      count.value += 1
    } catch (error) {
      outcome.value = refused(error)
    } finally {
      busy.value = false
      code.value = ''
    }
  }

  return { code, busy, outcome, count, send }
}

function refused(error: unknown): Outcome {
  const details = error instanceof CallError ? (error.details as { ticket?: DoorView } | null) : null
  const ticket = details?.ticket ?? null
  if (ticket?.state === 'CHECKED_IN') return { look: 'warn', title: t('checkIn.used'), ticket }
  return { look: 'bad', title: ticket ? t('checkIn.void') : explain(error), ticket }
}
