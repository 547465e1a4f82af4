import { ref, watch } from 'vue'

const kept = (name: string, first: number) => {
  const width = ref(Number(localStorage.getItem(`console.width.${name}`)) || first)
  watch(width, (value) => localStorage.setItem(`console.width.${name}`, String(value)))
  return width
}

/** How wide the panes are, as this person left them. */
export function usePanes() {
  return { list: kept('list', 308), side: kept('side', 372) }
}
