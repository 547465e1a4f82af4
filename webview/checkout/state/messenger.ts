/** What the page uses of Messenger's extensions, which come as a script from Meta, or from the sandbox. */
interface Extensions {
  getContext(
    appId: string,
    good: (context: { signed_request?: string }) => void,
    bad: (code: number, message: string) => void,
  ): void
  requestCloseBrowser(good: () => void, bad: (code: number, message: string) => void): void
}

declare global {
  interface Window {
    MessengerExtensions?: Extensions
  }
}

/** The chat around the page: who opened it, as Messenger signs it, and the way to close it. */
export interface MessengerWindow {
  signedRequest: string | null
  close(): void
}

const patienceMs = 5000

/** Whether the page is inside Messenger at all: in its app, or in the frame of its site. */
export const openedInMessenger = (): boolean =>
  window.parent !== window || /\bFB(AN|AV|_IAB)\b|MessengerForiOS|Orca-Android/.test(navigator.userAgent)

/**
 * Starts the extensions. They only add to the page, and are known to fail in browsers: whatever they leave undone
 * costs nothing but what it would have added.
 */
export async function startMessenger(about: { appId: string; sdk: string }): Promise<MessengerWindow> {
  const extensions = await inTime(load(about.sdk))
  const context = await inTime(
    new Promise<{ signed_request?: string }>((resolve, reject) =>
      extensions.getContext(about.appId, resolve, (_code, message) => reject(new Error(message))),
    ),
  )
  return {
    signedRequest: context.signed_request ?? null,
    close: () =>
      extensions.requestCloseBrowser(
        () => undefined,
        () => window.close(),
      ),
  }
}

function load(address: string): Promise<Extensions> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = address
    script.onload = () =>
      window.MessengerExtensions
        ? resolve(window.MessengerExtensions)
        : reject(new Error('No extensions in the script of Messenger'))
    script.onerror = () => reject(new Error('The script of Messenger could not be loaded'))
    document.head.append(script)
  })
}

const inTime = <T>(work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('Messenger does not answer')), patienceMs)
    }),
  ])
