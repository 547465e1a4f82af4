import type { Words } from '../../../shop/contract.ts'
import { Unanswered } from '../../gateway.ts'
import { reason } from '../calls/call.ts'

/** What Node says of a certificate that no known authority has signed, or that has run out. */
const certificateTrouble =
  /^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT)|certificate|unable to verify/i

/** What to do when the bank's certificate is the trouble; undefined when it is not. */
export function certificateAdvice(error: unknown): Words | undefined {
  if (!(error instanceof Unanswered) || !certificateTrouble.test(reason(error.cause))) return undefined
  return { key: 'ready.test.certificate' }
}
