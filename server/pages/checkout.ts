import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Handlebars from 'handlebars'
import type { ShopSettings } from '../../models/shop.ts'
import { findEntry } from '../http/index.ts'
import type { OrderView, PageState, ShopView } from '../pipeline/contract.ts'
import { root, settings } from '../settings.ts'
import { chatAddress } from './chat-address.ts'
import { readableBrand } from './colour.ts'
import { messengerOf } from './messenger.ts'
import { type Catalogue, spokenBy, wordsOf } from './words.ts'

export interface Page {
  kind: PageState['kind']
  order: OrderView | null
  reason: string | null
  shop: ShopSettings
  language: string
  /** Where the order was opened. */
  channel?: string
  /** This browser has opened the order before. */
  known?: boolean
  /** They come from the gateway's page, where they gave up. */
  left?: boolean
  /** LIFF's first page, which hands over to the one that it was asked for. */
  opening?: boolean
}

/** What the page's script finds in its JSON block. */
interface Boot extends PageState {
  messages: Catalogue
  liffSdk: string | null
  known: boolean
  left: boolean
  opening: boolean
}

interface Built {
  script: string
  css: string
  render(boot: Boot): Promise<string>
}

const FALLBACK_COLOUR = '#0b6b4f'
/** The HTML around the screen of every customer's page. */
export const shell = Handlebars.compile(readFileSync(new URL('./checkout.hbs', import.meta.url), 'utf8'))
let built: Promise<Built> | undefined

/** The whole HTML of a customer's page, its styles inside, painted before any script has arrived. */
export async function renderPage(page: Page, nonce: string): Promise<string> {
  built ??= loadBuilt()
  const { script, css, render } = await built
  const boot = bootOf(page)
  return shell({
    language: page.language,
    title: titleOf(page),
    noScript: wordOf(page.language, 'noScript'),
    nonce,
    brand: brandOf(page.shop),
    icon: page.shop.logo,
    css,
    script,
    html: await render(boot),
    // `<` as an escape: no text in the block can end it.
    boot: JSON.stringify(boot).replaceAll('<', '\\u003c'),
  })
}

/** The shop's colour, for the styles of a page. */
export const brandOf = ({ colour }: ShopSettings): string =>
  `:root{--brand:${readableBrand(colour) ?? FALLBACK_COLOUR}}`

async function loadBuilt(): Promise<Built> {
  const { render } = (await importBuilt()) as Pick<Built, 'render'>
  return { ...builtEntry('webview/checkout/entry-client.ts'), render }
}

/** What was built to render the pages here. */
export const importBuilt = (): Promise<unknown> =>
  import(pathToFileURL(join(root, 'dist', 'server', 'entry-server.js')).href)

/** The script of a page, and its styles in full. */
export function builtEntry(source: string): { script: string; css: string } {
  const { script, styles } = findEntry(source)
  const css = styles.map((file) => readFileSync(join(root, 'dist', 'client', file), 'utf8')).join('')
  return { script, css: css.trim() }
}

function bootOf(page: Page): Boot {
  const { kind, order, reason, shop, language, channel, known = false, left = false, opening = false } = page
  return {
    kind,
    order,
    reason,
    shop: shopView(shop, channel),
    language,
    ...liffOf(),
    messenger: messengerOf(channel),
    messages: wordsOf(language, 'checkout'),
    known,
    left,
    opening,
  }
}

/** How a page finds LIFF. */
export function liffOf(): Pick<Boot, 'liffId' | 'liffSdk'> {
  const { line, sandboxUrl } = settings()
  // The program asks by number and browsers by name: both are the sandbox.
  const sandboxLine = sandboxUrl !== null && line?.apiUrl.replace('//127.0.0.1', '//localhost') === sandboxUrl
  return { liffId: line?.liffId ?? null, liffSdk: sandboxLine ? `${sandboxUrl}/liff/sdk.js` : null }
}

/** What every page shows of the shop. */
export function shopView(shop: ShopSettings, channel?: string): ShopView {
  return {
    name: shop.name,
    logo: shop.logo,
    colour: readableBrand(shop.colour) ?? FALLBACK_COLOUR,
    country: shop.country,
    zone: shop.zone,
    language: shop.language,
    languages: spokenBy(shop),
    contact: shop.contact,
    policy: shop.policy,
    chatUrl: chatAddress(channel),
  }
}

function titleOf({ language, order, shop }: Page): string {
  return [wordOf(language, 'title'), order?.regNo, shop.name].filter(Boolean).join(' · ')
}

/** A text of the shell, which is no part of the screen. */
export function wordOf(language: string, key: string): string {
  const { checkout } = wordsOf(language)
  const word = typeof checkout === 'object' ? checkout[key] : ''
  return typeof word === 'string' ? word : ''
}
