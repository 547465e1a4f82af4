import { type InjectionKey, inject, shallowRef } from 'vue'
import type { Boot } from './boot.ts'
import { type Liff, openedThroughLiff, startLiff } from './liff.ts'
import { type MessengerWindow, openedInMessenger, startMessenger } from './messenger.ts'

export type ChatWindow = ReturnType<typeof createChatWindow>
export const chatKey: InjectionKey<ChatWindow> = Symbol('chat')

export function useChatWindow(): ChatWindow {
  const chat = inject(chatKey)
  if (!chat) throw new Error('No chat: provide chatKey where the page is made')
  return chat
}

/** What LINE or Messenger has signed of whoever looks. */
export type Proof = { idToken: string } | { signedRequest: string }

/** A page of one customer: who looks at it may show who they are. */
export interface Visit {
  open(): Promise<void>
  /** Whether anything is left to show, once it is open. */
  wantsProof(): boolean
  identify(proof: Proof): Promise<void>
}

/** The chat that the page was opened from: who the customer is there, and the way back. */
export function createChatWindow(boot: Pick<Boot, 'shop' | 'liffId' | 'liffSdk' | 'opening' | 'messenger'>) {
  const liff = shallowRef<Liff | null>(null)
  const messenger = shallowRef<MessengerWindow | null>(null)

  /** Reads who is there, where the page was opened inside a chat; the server checks it. */
  async function start(visit: Visit | null): Promise<void> {
    if (boot.messenger && openedInMessenger()) {
      messenger.value = await startMessenger(boot.messenger)
      const { signedRequest } = messenger.value
      return signedRequest ? identify(visit, { signedRequest }) : undefined
    }
    if (!boot.liffId || !(boot.opening || openedThroughLiff())) return
    const started = await startLiff(boot.liffId, boot.liffSdk)
    liff.value = started
    const idToken = started.getIDToken()
    if (idToken) await identify(visit, { idToken })
  }

  async function identify(visit: Visit | null, proof: Proof): Promise<void> {
    if (!visit) return
    await visit.open()
    if (visit.wantsProof()) await visit.identify(proof)
  }

  return {
    liff,
    start,
    /** Where "back to the chat" leads; empty where the window can only be closed by hand. */
    address: boot.shop.chatUrl,
    closes: () => liff.value?.isInClient() === true || messenger.value !== null,
    close: () => (messenger.value ? messenger.value.close() : liff.value?.closeWindow()),
    /** A bank's page, outside the in-app browser that may block it. */
    openOutside(url: string) {
      if (liff.value) liff.value.openWindow({ url, external: true })
      else window.open(url, '_blank', 'noopener')
    },
  }
}
