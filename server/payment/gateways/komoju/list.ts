import { z } from 'zod'
import type { Currency } from '../../../../models/money.ts'
import { type Listed, type Notice, Unanswered } from '../../gateway.ts'
import type { KomojuClient } from './client.ts'
import { read } from './find.ts'
import { List, readPayment } from './shapes.ts'
import { noticeOf } from './webhook.ts'

const PAGE = 100
const MAX_PAGES = 5000

/** Every payment that was begun in a span of time, `to` excluded. */
export async function* listPayments(
  client: KomojuClient,
  { from, to }: { from: Date; to: Date },
): AsyncGenerator<Listed> {
  const span = { start_time: from.toISOString(), end_time: to.toISOString() }
  for await (const body of pages(client, '/payments', span)) {
    const payment = readPayment(body)
    const at = new Date(payment.created_at ?? Number.NaN)
    // The platform's span is inclusive.
    if (!(at >= from && at < to)) continue
    const amount = payment.total - (payment.payment_method_fee ?? 0)
    const taken = payment.status === 'captured' || payment.status === 'refunded'
    yield {
      ref: { kind: 'payment', value: payment.id },
      attemptId: payment.external_order_num ?? null,
      money: { amount, currency: payment.currency.toUpperCase() as Currency },
      captured: taken ? amount : 0,
      refunded: taken ? (payment.amount_refunded ?? 0) : 0,
      said: payment.status,
      at,
    }
  }
}

/** What the platform has told, or tried to tell, since then: for whoever was not there to hear it. */
export async function* missedEvents(client: KomojuClient, since: Date): AsyncGenerator<Notice> {
  for await (const body of pages(client, '/events', { start_time: since.toISOString() })) {
    const notice = noticeOf(body)
    if (notice) yield { ...notice, authentic: true }
  }
}

async function* pages(
  client: KomojuClient,
  path: string,
  filter: Record<string, string>,
): AsyncGenerator<unknown> {
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const query = new URLSearchParams({ ...filter, page: String(page), per_page: String(PAGE) })
    const list = List.safeParse(await read(client, `${path}?${query}`))
    if (!list.success) throw new Unanswered('KOMOJU answered with something that is not a list')
    yield* z.array(z.unknown()).parse(list.data.data)
    if (page >= list.data.last_page) return
  }
  throw new Unanswered('KOMOJU has too many pages to read')
}
