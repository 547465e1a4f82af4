import { type InjectionKey, inject, shallowRef } from 'vue'
import type { Boot } from './boot.ts'
import { type Liff, openedThroughLiff, startLiff } from './liff.ts'
import { type MessengerWindow, openedInMessenger, startMessenger } from './messenger.ts'
import type { OrderStore } from './order.ts'

export type ChatWindow = ReturnType<typeof createChatWindow>
export const chatKey: InjectionKey<ChatWindow> = Symbol('chat')

export function useChatWindow(): ChatWindow {
  const chat = inject(chatKey)
  if (!chat) throw new Error('No chat: provide chatKey where the page is made')
  return chat
}

/** The chat that the page was opened from: who the customer is there, and the way back. */
export function createChatWindow(boot: Pick<Boot, 'shop' | 'liffId' | 'liffSdk' | 'opening' | 'messenger'>) {
  const liff = shallowRef<Liff | null>(null)
  const messenger = shallowRef<MessengerWindow | null>(null)

  /** Reads who is there, where the page was opened inside a chat; the server checks it. */
  async function start(store: OrderStore | null): Promise<void> {
    if (boot.messenger && openedInMessenger()) {
      messenger.value = await startMessenger(boot.messenger)
      const { signedRequest } = messenger.value
      return signedRequest ? identify(store, { signedRequest }) : undefined
    }
    if (!boot.liffId || !(boot.opening || openedThroughLiff())) return
    const started = await startLiff(boot.liffId, boot.liffSdk)
    liff.value = started
    const idToken = started.getIDToken()
    if (idToken) await identify(store, { idToken })
  }

  async function identify(
    store: OrderStore | null,
    proof: { idToken: string } | { signedRequest: string },
  ): Promise<void> {
    if (!store) return
    await store.open()
    if (store.mayAct.value && !store.view.value.proven) await store.identify(proof)
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
