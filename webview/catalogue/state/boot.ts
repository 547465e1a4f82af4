import type { CataloguePageState } from '../../../server/catalogue/contract.ts'
import type { Messages } from '../../kit/i18n.ts'

/** What the server writes into the page: its state, and what the scripts need beside it. */
export interface CatalogueBoot extends CataloguePageState {
  messages: Messages
  /** Address of a LIFF SDK to use instead of the packaged one; the sandbox has its own. */
  liffSdk: string | null
  /** LIFF's first page is never this one: it hands over to it. */
  opening: false
}
