import { createSSRApp } from 'vue'
import { chatKey, createChatWindow } from '../checkout/state/chat.ts'
import { createWords, wordsKey } from '../kit/i18n.ts'
import CatalogueApp from './CatalogueApp.vue'
import type { CatalogueBoot } from './state/boot.ts'
import { catalogueKey, createCatalogue } from './state/catalogue.ts'

/** The catalogue, the same on the server and in the browser. */
export function createCataloguePage(boot: CatalogueBoot, typed: Record<string, string>) {
  const app = createSSRApp(CatalogueApp, { boot, typed })
  app.provide(wordsKey, createWords(boot.language, boot.messages))
  app.provide(chatKey, createChatWindow(boot))
  app.provide(catalogueKey, createCatalogue(boot))
  return app
}
