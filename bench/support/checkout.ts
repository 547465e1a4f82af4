import type { Answer, Send } from './connection.ts'

/** What a checkout begins with: somebody who has written, and two goods. */
export interface Start {
  conversationId: string
  productIds: [string, string]
}

export interface Step {
  name: string
  milliseconds: number
}

/** Every request of a checkout, in order; one walks through them like the console and the page do. */
export const steps = [
  'open the order',
  'put two items',
  'make the link',
  'open the page',
  'address',
  'delivery',
  'payment',
  'verify',
  'check',
  'confirm',
] as const

/** One complete checkout, from the staff's *Open order* to PAID. Throws when an answer is not what it should be. */
export async function checkOut(
  send: Send,
  staff: string,
  { conversationId, productIds }: Start,
): Promise<Step[]> {
  const done: Step[] = []
  const step = async (name: (typeof steps)[number], answer: Promise<Answer>) => {
    const { status, body, cookie, milliseconds } = await answer
    if (status !== 200) throw new Error(`${name} was answered with ${status}: ${JSON.stringify(body)}`)
    done.push({ name, milliseconds })
    return { body, cookie }
  }

  const opened = await step(
    'open the order',
    send('POST', `/api/conversations/${conversationId}/orders`, undefined, staff),
  )
  const { id, version } = opened.body
  const items = productIds.map((productId) => ({ productId, quantity: 1 }))
  await step('put two items', send('PUT', `/api/orders/${id}/items`, { version, items }, staff))
  const link = await step('make the link', send('POST', `/api/orders/${id}/link`, undefined, staff))
  const page = await step('open the page', send('POST', `${new URL(link.body.url).pathname}/open`))

  let { order } = page.body
  const act = async (name: (typeof steps)[number], action: string, data: object = {}) => {
    const body = { version: order.version, ...data }
    const answer = await step(name, send('POST', `/api/pipeline/${id}/${action}`, body, page.cookie))
    order = answer.body.order ?? answer.body
  }
  await act('address', 'UPDATE_DELIVERY_ADDRESS', { address })
  await act('delivery', 'SELECT_LOGISTIC_METHOD', {
    type: 'courier',
    companyName: 'Kerry',
    costConfirmed: true,
  })
  await act('payment', 'SELECT_PAYMENT_METHOD', { gateway: 'omise', method: 'card' })
  await act('verify', 'VERIFY_ORDER_CONTEXT', shown(order))
  await act('check', 'CHECK_PRODUCT_SUFFICIENT')
  await act('confirm', 'CONFIRM_PAYMENT_SELECTION', { cardToken: 'tokn_test_bench' })
  if (order.state !== 'PAID') throw new Error(`the order is ${order.state}, and should be PAID`)
  return done
}

const address = {
  name: 'สมชาย ใจดี',
  phone: '081 234 5678',
  email: 'somchai@example.com',
  line1: '99/12 ซ.สุขุมวิท 39',
  subdistrict: 'คลองตันเหนือ',
  district: 'วัฒนา',
  province: 'กรุงเทพมหานคร',
  postalCode: '10110',
  country: 'TH',
}

// biome-ignore lint/suspicious/noExplicitAny: the order as the answer before had it
const shown = (order: any) => ({
  items: order.lines.map(({ productId, quantity, unitPrice }: Record<string, unknown>) => ({
    productId,
    quantity,
    unitPrice,
  })),
  total: order.totals.total,
  address: order.address,
  delivery: { type: 'courier', companyName: 'Kerry', cost: order.delivery.cost },
  payment: order.payment,
})
