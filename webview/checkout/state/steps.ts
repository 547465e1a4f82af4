import { onBeforeUnmount, onMounted, ref } from 'vue'

export type Step = 'checkout' | 'address' | 'pay'

/**
 * The browser's Back is the step before. What a step shows is decided by the order; this only says how far the
 * customer has gone, so going back can neither lose what was typed nor send anything again.
 */
export function useSteps(first: Step) {
  const step = ref<Step>(first)
  const read = () => {
    const state: unknown = history.state
    step.value = (state as { step?: Step } | null)?.step ?? first
  }

  onMounted(() => {
    // The address keeps what LIFF has put into its fragment.
    if (!(history.state as { step?: Step } | null)?.step) history.replaceState({ step: first }, '')
    window.addEventListener('popstate', read)
  })
  onBeforeUnmount(() => window.removeEventListener('popstate', read))

  return {
    step,
    go(next: Step): void {
      if (step.value === next) return
      history.pushState({ step: next }, '')
      step.value = next
    },
    /** Takes the place of the step that is shown, so that Back does not return to it. */
    become(next: Step): void {
      history.replaceState({ step: next }, '')
      step.value = next
    },
    back: () => history.back(),
  }
}
