import { z } from 'zod'
import { AppError, notFound, type Route, route } from '../http/index.ts'
import { findOrder } from '../order/index.ts'
import { attemptView, paymentsOf } from '../payment/index.ts'
import { settings } from '../settings.ts'

const PATIENCE = 10_000
const LARGEST = 1_000_000
const pictures = ['image/svg+xml', 'image/png', 'image/jpeg']

/**
 * The QR of the open attempt, from our own address: a browser lets a page save only a picture that is its own, and a
 * customer whose bank is on the same phone has to save it.
 */
export const qrRoute: Route = route({
  method: 'GET',
  path: '/api/qr/:orderId',
  access: 'customer',
  summary: "The picture of the open attempt's QR",
  params: z.object({ orderId: z.string() }),
  async handler({ params, response }) {
    const order = await findOrder(params.orderId)
    const next = attemptView(await paymentsOf(order._id))?.next
    if (next?.kind !== 'qr' || !isFromGateway(next.image)) throw notFound('The QR')
    const { type, bytes } = await fetchPicture(next.image)
    response.setHeader('Content-Type', type)
    response.end(bytes)
  },
})

/** Only what the gateway's own host serves: the address came with its answer. */
const isFromGateway = (address: string): boolean => {
  const {
    sandboxUrl,
    gateways: { omise },
  } = settings()
  if (!omise || !URL.canParse(address)) return false
  const { origin, hostname } = new URL(address)
  return (
    [omise.apiUrl, sandboxUrl].some((known) => known && new URL(known).origin === origin) ||
    /\.omise\.co$/.test(hostname)
  )
}

async function fetchPicture(address: string): Promise<{ type: string; bytes: Buffer }> {
  const unreachable = (cause?: unknown) =>
    new AppError('gateway.unreachable', 'The QR could not be fetched. Try again in a moment.', {
      status: 502,
      cause,
    })
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE), redirect: 'error' }).catch(
    (error: unknown) => {
      throw unreachable(error)
    },
  )
  const type = answer.headers.get('content-type')?.split(';')[0]?.trim() ?? ''
  if (!answer.ok || !pictures.includes(type)) throw unreachable()
  const bytes = Buffer.from(await answer.arrayBuffer())
  if (bytes.length > LARGEST) throw unreachable()
  return { type, bytes }
}
