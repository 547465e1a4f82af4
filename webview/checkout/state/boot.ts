import type { OrderView, PageState } from '../../../server/pipeline/contract.ts'
import type { Messages } from '../../kit/i18n.ts'

/** What the server writes into the page: its state, and what the scripts need beside it. */
export interface Boot extends PageState {
  messages: Messages
  /** Address of a LIFF SDK to use instead of the packaged one; the sandbox has its own. */
  liffSdk: string | null
  /** This browser has opened the order before, so it may go on where it left. */
  known: boolean
  /** Back from the gateway's page, where the customer gave up: that is all that is known of it. */
  left: boolean
  /** The page that LIFF opens first: it only hands over to the one named in `liff.state`. */
  opening: boolean
}

/** The payment result as somebody sees it who came back from the bank in another browser. */
export interface ResultAnswer {
  order: OrderView
}
