import { Couriers, PickupPoints } from '../../models/delivery.ts'
import { type Connection, Connections, StaffTasks } from '../../models/shop.ts'
import { Products } from '../../models/store.ts'
import { AppError, type StaffCaller } from '../http/index.ts'
import { isLoopback, type Settings, settings } from '../settings.ts'
import { audit } from './audit.ts'
import type { ReadinessRow } from './contract.ts'
import { judgeGateways } from './readiness-gateways.ts'
import { attention, judgeWebhook, off, type Row, ready } from './readiness-rows.ts'
import { listRefusals, tokenIsTaken } from './refusals.ts'
import { shopSettings } from './settings.ts'

interface TestReport {
  ok: boolean
  latencyMs: number
  answer: string
  advice: string
}
type Test = () => Promise<TestReport>

let tests: Record<string, Test> = {}

/**
 * Says how each connection to the outside is tested, by the id of its row: `line`, `omise`, `mail`, `database`. The
 * start gives them, because the shop knows neither channels nor gateways.
 */
export function setReadinessTests(given: Record<string, Test>): void {
  tests = given
}

/** The *ready to go live* page: what works, what does not, and what to do next. */
export async function listReadiness(): Promise<ReadinessRow[]> {
  const [rows, connections, refusals] = await Promise.all([
    judge(),
    Connections.find().lean(),
    listRefusals(),
  ])
  const known = new Map(connections.map((connection) => [connection._id, connection]))
  return Object.entries(rows).map(([id, row]) =>
    viewOf(
      id,
      refused(row, refusals.get(id)),
      known.get(id),
      known.get(id.replace('.webhook', ''))?.lastWebhookAt ?? null,
    ),
  )
}

/** Asks one platform now whether our keys and its address work. */
export async function testConnection(by: StaffCaller, id: string): Promise<ReadinessRow> {
  const test = Object.hasOwn(tests, id) ? tests[id] : undefined
  if (!test)
    throw new AppError('readiness.no_test', 'There is nothing to test here: set its keys first.', {
      status: 404,
    })
  const report = await test()
  const lastTest = { ...report, at: new Date().toISOString() }
  await Connections.updateOne(
    { _id: id },
    { $set: { lastTestAt: new Date(), lastTest }, $setOnInsert: { lastWebhookAt: null } },
    { upsert: true },
  )
  if (report.ok) await tokenIsTaken(id)
  await audit({
    by: by.staffId,
    byName: by.name,
    action: 'connection.tested',
    subject: id,
    details: { ok: report.ok },
  })
  return (await listReadiness()).find((row) => row.id === id) as ReadinessRow
}

/** What became of the last message counts more than that the keys are there. */
const refused = (row: Row, words: Pick<Row, 'detail' | 'advice'> | undefined): Row =>
  words && row.state === 'ready' ? { ...row, state: 'attention', ...words } : row

function viewOf(
  id: string,
  row: Row,
  connection: Connection | undefined,
  lastWebhookAt: Date | null,
): ReadinessRow {
  const last = (connection?.lastTest ?? null) as (TestReport & { at: string }) | null
  // What the platform itself said last counts more than that the keys are there.
  const failed = row.state === 'ready' && last !== null && !last.ok
  return {
    id,
    ...row,
    keys: row.keys ?? [],
    ...(failed && { state: 'attention', detail: last.answer, advice: last.advice }),
    lastWebhookAt: lastWebhookAt?.toISOString() ?? null,
    testable: Object.hasOwn(tests, id),
    lastTest: last && { at: last.at, ok: last.ok, latencyMs: last.latencyMs, answer: last.answer },
  }
}

async function judge(): Promise<Record<string, Row>> {
  const of = settings()
  const [shop, products, couriers, points, hooks, left] = await Promise.all([
    shopSettings(),
    Products.countDocuments({ hidden: false }),
    Couriers.countDocuments({ active: true }),
    PickupPoints.countDocuments({ active: true }),
    Connections.find({ lastWebhookAt: { $ne: null } }, { lastWebhookAt: 1 }).lean(),
    leftAtGateways(),
  ])
  const heard = (source: string) => hooks.find(({ _id }) => _id === source)?.lastWebhookAt ?? null
  const { line, messenger } = of
  return {
    address: judgeAddress(of),
    line: line
      ? ready('LINE', 'Messages come and go through this channel.', [
          ['LINE_CHANNEL_SECRET', line.channelSecret],
          ['LINE_CHANNEL_ACCESS_TOKEN', line.channelAccessToken],
        ])
      : off(
          'LINE',
          'LINE is off.',
          'Set LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN in .env, and start again.',
        ),
    'line.webhook': judgeWebhook(
      'Webhook of LINE',
      line !== null,
      heard('line'),
      'Run npm run setup:line, then write to the shop on LINE.',
    ),
    messenger: messenger
      ? ready('Messenger', 'Messages come and go through this page.', [
          ['MESSENGER_APP_SECRET', messenger.appSecret],
          ['MESSENGER_PAGE_TOKEN', messenger.pageToken],
          ['MESSENGER_PAGE_ID', messenger.pageId],
        ])
      : off(
          'Messenger',
          'Messenger is off.',
          'Set MESSENGER_APP_SECRET, MESSENGER_PAGE_TOKEN and MESSENGER_PAGE_ID in .env, and start again.',
        ),
    'messenger.webhook': judgeWebhook(
      'Webhook of Messenger',
      messenger !== null,
      heard('messenger'),
      'Run npm run setup:messenger, then write to the page on Messenger.',
    ),
    liff: line?.liffId
      ? ready('LIFF', 'Order pages open inside LINE and know the customer.', [['LIFF_ID', line.liffId]])
      : off(
          'LIFF',
          'Order pages open as plain links: addresses are not filled in.',
          'Set LIFF_ID and the keys of its LINE Login channel in .env.',
        ),
    ...judgeGateways(of, heard, left),
    mail: of.smtp
      ? ready('Mail', `Mails leave as ${of.smtp.from}.`)
      : off(
          'Mail',
          'Mail is off: no receipts, no invitations.',
          'Set SMTP_URL and SMTP_FROM in .env, and start again.',
        ),
    // The program refuses to start on anything else.
    database: ready('Database', 'A replica set, as transactions need it.'),
    shop: judgeShop(shop),
    products: products
      ? ready('Products', `${products} on sale.`)
      : attention('Products', 'Nothing is on sale.', 'Add a product with a price and stock.'),
    delivery: judgeDelivery(shop.logistics, couriers, points),
  }
}

/** What is still open at gateways that are switched off, as the task of each says. */
async function leftAtGateways(): Promise<Map<string, string>> {
  const tasks = await StaffTasks.find({ kind: 'gateway.off', state: 'open' }).lean()
  return new Map(tasks.map(({ subject, details }) => [subject, String((details as { left: string }).left)]))
}

function judgeAddress({ publicUrl, https }: Settings): Row {
  if (isLoopback(publicUrl)) {
    return attention(
      'Public address',
      `${publicUrl} is reached only from this machine.`,
      'Set PUBLIC_URL to the https address of the shop, or run npm run tunnel.',
    )
  }
  return https
    ? ready('Public address', publicUrl)
    : attention(
        'Public address',
        `${publicUrl} is not encrypted, and platforms refuse it.`,
        'Give the shop an https address in PUBLIC_URL.',
      )
}

function judgeShop({ name, contact, hours, policy }: Awaited<ReturnType<typeof shopSettings>>): Row {
  const missing = [
    name === 'My shop' && 'name',
    !contact.email && !contact.phone && 'contact',
    !hours.length && 'opening hours',
    !policy && 'policy',
  ].filter(Boolean)
  return missing.length
    ? attention(
        'Shop profile',
        `Missing: ${missing.join(', ')}.`,
        'Fill it in under Settings: cards, the checkout and mails show it.',
      )
    : ready('Shop profile', name)
}

function judgeDelivery(logistics: boolean, couriers: number, points: number): Row {
  if (!logistics)
    return off('Delivery', 'The logistic system is off: no address and no delivery is asked.', '')
  return couriers + points > 0
    ? ready('Delivery', `${couriers} couriers, ${points} pickup points.`)
    : attention(
        'Delivery',
        'Customers cannot choose any delivery.',
        'Add a courier or a pickup point, or switch the logistic system off.',
      )
}
