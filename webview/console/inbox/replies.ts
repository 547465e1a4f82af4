import { computed, onMounted, type Ref, ref, watch } from 'vue'
import type { CannedReply } from '../api/conversations.ts'
import { useCanned } from '../stores/canned.ts'
import { cannedWord, fittingReplies } from './composer.ts'

interface Composing {
  mode: Ref<'text' | 'note'>
  text: Ref<string>
  cursor: Ref<number>
  take(reply: CannedReply): void
}

/** The ready answers that fit what is written after a slash, and the keys that choose one. */
export function useReplies({ mode, text, cursor, take }: Composing) {
  const canned = useCanned()
  const at = ref(0)
  onMounted(() => canned.load())

  const word = computed(() => (mode.value === 'text' ? cannedWord(text.value, cursor.value) : null))
  const replies = computed(() => (word.value === null ? [] : fittingReplies(canned.list, word.value)))
  watch(word, () => {
    at.value = 0
  })

  /** True when the key was for the list. */
  function step(event: KeyboardEvent): boolean {
    if (!replies.value.length) return false
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const reply = replies.value[at.value]
    if (by) at.value = (at.value + by + replies.value.length) % replies.value.length
    else if ((event.key === 'Enter' || event.key === 'Tab') && reply) take(reply)
    else if (event.key === 'Escape') cursor.value = 0
    else return false
    event.preventDefault()
    return true
  }

  return { replies, at, step }
}
