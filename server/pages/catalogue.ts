import type { ShopSettings } from '../../models/shop.ts'
import type { CataloguePageState, CatalogueState } from '../catalogue/contract.ts'
import { brandOf, builtEntry, importBuilt, liffOf, shell, shopView, wordOf } from './checkout.ts'
import { messengerOf } from './messenger.ts'
import { type Catalogue, wordsOf } from './words.ts'

/** What the page's script finds in its JSON block. */
interface Boot extends CataloguePageState {
  messages: Catalogue
  liffSdk: string | null
  opening: false
}

interface Built {
  script: string
  css: string
  renderCatalogue(boot: Boot): Promise<string>
}

let built: Promise<Built> | undefined

/** The whole HTML of the catalogue's page, its styles inside, painted before any script has arrived. */
export async function renderCataloguePage(
  {
    state,
    shop,
    language,
    channel,
    base,
  }: {
    state: CatalogueState
    shop: ShopSettings
    language: string
    /** Where the catalogue was sent. */
    channel: string | undefined
    base: string
  },
  nonce: string,
): Promise<string> {
  built ??= loadBuilt()
  const { script, css, renderCatalogue } = await built
  const boot: Boot = {
    kind: 'catalogue',
    shop: shopView(shop, channel),
    base,
    catalogue: state,
    language,
    ...liffOf(),
    messenger: messengerOf(channel),
    messages: wordsOf(language, 'catalogue'),
    opening: false,
  }
  return shell({
    language,
    title: [state.product?.name, shop.name].filter(Boolean).join(' · '),
    noScript: wordOf(language, 'noScript'),
    nonce,
    brand: brandOf(shop),
    icon: shop.logo,
    css,
    script,
    html: await renderCatalogue(boot),
    // `<` as an escape: no text in the block can end it.
    boot: JSON.stringify(boot).replaceAll('<', '\\u003c'),
  })
}

async function loadBuilt(): Promise<Built> {
  const { renderCatalogue } = (await importBuilt()) as Pick<Built, 'renderCatalogue'>
  return { ...builtEntry('webview/catalogue/entry-client.ts'), renderCatalogue }
}
