/** Shows in the browser's tab how much is unread: in the title, and as a dot on the icon. */
export function markTab(unread: number, shop: string): void {
  document.title = unread ? `(${unread}) ${shop}` : shop
  const brand = getComputedStyle(document.documentElement).getPropertyValue('--brand').trim() || '#0b6b4f'
  const dot = unread ? '<circle cx="24" cy="8" r="7" fill="#b3261e" stroke="#fff" stroke-width="2"/>' : ''
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="${brand}"/><path d="M8 9h16v11h-9l-5 4v-4H8z" fill="#fff"/>${dot}</svg>`
  iconLink().href = `data:image/svg+xml,${encodeURIComponent(svg)}`
}

function iconLink(): HTMLLinkElement {
  const found = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (found) return found
  const link = document.createElement('link')
  link.rel = 'icon'
  document.head.append(link)
  return link
}
