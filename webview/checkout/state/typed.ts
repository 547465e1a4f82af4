/**
 * What the customer has typed and ticked while the script was still on its way. It has to be read before the page
 * comes alive, which would set every field back. Fields of the card have no name, and are told by their id.
 */
export function readTyped(root: HTMLElement): Record<string, string> {
  const typed: Record<string, string> = {}
  for (const input of root.querySelectorAll('input')) {
    const name = input.name || input.id
    const isTick = input.type === 'radio' || input.type === 'checkbox'
    if (isTick ? input.checked && !input.defaultChecked : input.value !== input.defaultValue) {
      typed[name] = input.value
    }
  }
  return typed
}
