import { createSSRApp } from 'vue'
import { createWords, wordsKey } from '../kit/i18n.ts'
import App from './App.vue'
import type { Boot } from './state/boot.ts'
import { chatKey, createChatWindow } from './state/chat.ts'

/** The page, the same on the server and in the browser. */
export function createPage(boot: Boot, typed: Record<string, string>) {
  const app = createSSRApp(App, { boot, typed })
  app.provide(wordsKey, createWords(boot.language, boot.messages))
  app.provide(chatKey, createChatWindow(boot))
  return app
}
