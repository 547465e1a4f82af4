import { ref } from 'vue'
import { explain } from '../stores/notices.ts'

/** A form that sends once at a time and shows why it was refused, with everything still filled in. */
export function useForm() {
  const busy = ref(false)
  const refusal = ref('')

  async function send(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    refusal.value = ''
    try {
      await work()
      return true
    } catch (error) {
      refusal.value = explain(error)
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, refusal, send }
}
