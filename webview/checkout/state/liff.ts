/** What the page uses of LIFF: the packaged SDK has it, and so has the sandbox's. */
export interface Liff {
  init(config: { liffId: string }): Promise<void>
  isInClient(): boolean
  getIDToken(): string | null
  openWindow(target: { url: string; external?: boolean }): void
  closeWindow(): void
}

declare global {
  interface Window {
    liff?: Liff
  }
}

/**
 * Whether the page was opened through LIFF. LIFF puts its credentials into the fragment and its own words into the
 * query, and keeps what it knows for the pages that follow.
 */
export function openedThroughLiff(): boolean {
  return (
    /\bLine\/\d/.test(navigator.userAgent) ||
    /[?&]liff\./.test(location.search) ||
    location.hash.includes('access_token=') ||
    Object.keys(sessionStorage).some((key) => /^liff/i.test(key))
  )
}

/** Starts LIFF. It only adds to the page, so a failure costs nothing but what it would have added. */
export async function startLiff(liffId: string, sdk: string | null): Promise<Liff> {
  const liff = sdk ? await loadScript(sdk) : ((await import('./liff-packaged.ts')).liff as unknown as Liff)
  await liff.init({ liffId })
  return liff
}

function loadScript(address: string): Promise<Liff> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = address
    script.onload = () => (window.liff ? resolve(window.liff) : reject(new Error('No LIFF in its script')))
    script.onerror = () => reject(new Error('LIFF could not be loaded'))
    document.head.append(script)
  })
}
