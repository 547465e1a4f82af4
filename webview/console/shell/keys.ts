import { onBeforeUnmount, onMounted } from 'vue'

/** Keys as `mod+k` (command on a Mac, control elsewhere), `j`, `?`, `Enter`. */
export type Shortcuts = Record<string, () => void>

/** Shortcuts while this component is there. Letters do nothing while somebody types or a dialog is open. */
export function useShortcuts(shortcuts: () => Shortcuts): void {
  function onKey(event: KeyboardEvent) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return
    const mod = event.metaKey || event.ctrlKey
    if (!mod && isTaken(event.target)) return
    const act = shortcuts()[mod ? `mod+${event.key.toLowerCase()}` : event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  onMounted(() => document.addEventListener('keydown', onKey))
  onBeforeUnmount(() => document.removeEventListener('keydown', onKey))
}

/** Where a key means something else: text fields, lists of choices, anything in a dialog. */
function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role="combobox"], [role="menu"]') !== null ||
    document.querySelector('dialog[open]') !== null
  )
}
