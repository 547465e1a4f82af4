import type { OrderView } from '../pipeline/contract.ts'
import { settings } from '../settings.ts'
import { messengerSources } from './messenger.ts'

/** LINE's and Messenger's clients for computers show the page inside their own. */
const chatClients = ['https://*.line.me', 'https://*.facebook.com', 'https://*.messenger.com']

/**
 * What a customer's page may load and who may show it. The payment platform's hosts are named only where a card can
 * be typed in, LINE's only where LIFF is set up, the simulated ones only in the sandbox.
 */
export function pagePolicy(
  order: OrderView | null,
  nonce: string,
  { formsLeave = false }: { formsLeave?: boolean } = {},
): string {
  const {
    line,
    sandboxUrl,
    gateways: { omise },
  } = settings()
  const simulated = sandboxUrl ? [sandboxUrl, sandboxUrl.replace('//localhost', '//127.0.0.1')] : []
  const isSimulated = simulated.includes(line?.apiUrl ?? '')
  const liff = line?.liffId && !isSimulated ? ['https://*.line.me', 'https://*.line-scdn.net'] : []
  const simulatedLiff = line?.liffId && isSimulated ? simulated : []
  const card = order?.card && omise ? [origin(order.card.script), origin(omise.vaultUrl)] : []
  return Object.entries({
    'default-src': ["'none'"],
    'script-src': ["'self'", `'nonce-${nonce}'`, ...card, ...liff, ...simulatedLiff, ...messengerSources()],
    'style-src': ["'self'", `'nonce-${nonce}'`],
    'connect-src': ["'self'", ...card, ...liff, ...simulatedLiff],
    // Pictures of goods may lie elsewhere; a picture can run nothing.
    'img-src': ["'self'", 'data:', 'blob:', 'https:'],
    'frame-src': card.length ? card : ["'none'"],
    // A form that pays is answered with the way to a gateway's page, whose hosts are its own affair.
    'form-action': ["'self'", ...(formsLeave ? ['https:', ...simulated] : [])],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'object-src': ["'none'"],
    'frame-ancestors': ["'self'", ...chatClients, ...simulated],
  })
    .map(([directive, sources]) => `${directive} ${[...new Set(sources)].join(' ')}`)
    .join('; ')
}

const origin = (address: string): string => new URL(address).origin
