import { Couriers, PickupPoints } from '../../models/delivery.ts'
import { type Connection, Connections, StaffTasks } from '../../models/shop.ts'
import { Products } from '../../models/store.ts'
import { AppError, type StaffCaller } from '../http/index.ts'
import { isLoopback, type Settings, settings } from '../settings.ts'
import { audit } from './audit.ts'
import type { ReadinessRow, Words } from './contract.ts'
import { judgeGateways } from './readiness-gateways.ts'
import { attention, judgeWebhook, off, type Row, ready, setKeys } from './readiness-rows.ts'
import { listRefusals, tokenIsTaken } from './refusals.ts'
import { shopSettings } from './settings.ts'

interface TestReport {
  ok: boolean
  latencyMs: number
  answer: Words
  advice: Words
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
const refused = (row: Row, told: Pick<Row, 'detail' | 'advice'> | undefined): Row =>
  told && row.state === 'ready' ? { ...row, state: 'attention', ...told } : row

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
      ? ready('LINE', { key: 'ready.line.on' }, [
          ['LINE_CHANNEL_SECRET', line.channelSecret],
          ['LINE_CHANNEL_ACCESS_TOKEN', line.channelAccessToken],
        ])
      : off('LINE', { key: 'ready.isOff' }, setKeys('LINE_CHANNEL_SECRET', 'LINE_CHANNEL_ACCESS_TOKEN')),
    'line.webhook': judgeWebhook('LINE', line !== null, heard('line'), { key: 'ready.line.webhookNext' }),
    messenger: messenger
      ? ready('Messenger', { key: 'ready.messenger.on' }, [
          ['MESSENGER_APP_SECRET', messenger.appSecret],
          ['MESSENGER_PAGE_TOKEN', messenger.pageToken],
          ['MESSENGER_PAGE_ID', messenger.pageId],
        ])
      : off(
          'Messenger',
          { key: 'ready.isOff' },
          setKeys('MESSENGER_APP_SECRET', 'MESSENGER_PAGE_TOKEN', 'MESSENGER_PAGE_ID'),
        ),
    'messenger.webhook': judgeWebhook('Messenger', messenger !== null, heard('messenger'), {
      key: 'ready.messenger.webhookNext',
    }),
    liff: line?.liffId
      ? ready('LIFF', { key: 'ready.liff.on' }, [['LIFF_ID', line.liffId]])
      : off('LIFF', { key: 'ready.liff.off' }, { key: 'ready.liff.next' }),
    ...judgeGateways(of, heard, left),
    mail: of.smtp
      ? ready({ key: 'ready.mail.title' }, { key: 'ready.mail.on', values: { from: of.smtp.from } })
      : off({ key: 'ready.mail.title' }, { key: 'ready.mail.off' }, setKeys('SMTP_URL', 'SMTP_FROM')),
    // The program refuses to start on anything else.
    database: ready({ key: 'ready.database.title' }, { key: 'ready.database.on' }),
    shop: judgeShop(shop),
    products: judgeProducts(products),
    delivery: judgeDelivery(shop.logistics, couriers, points),
  }
}

/** Gateways that are switched off while something is still open there; the task of each says what. */
async function leftAtGateways(): Promise<Set<string>> {
  const tasks = await StaffTasks.find({ kind: 'gateway.off', state: 'open' }).lean()
  return new Set(tasks.map(({ subject }) => subject))
}

function judgeAddress({ publicUrl: url, https }: Settings): Row {
  const title = { key: 'ready.address.title' }
  if (isLoopback(url)) {
    return attention(
      title,
      { key: 'ready.address.local', values: { url } },
      { key: 'ready.address.localNext' },
    )
  }
  if (https) return ready(title, url)
  return attention(title, { key: 'ready.address.plain', values: { url } }, { key: 'ready.address.plainNext' })
}

function judgeShop({ name, contact, hours, policy }: Awaited<ReturnType<typeof shopSettings>>): Row {
  const title = { key: 'ready.shop.title' }
  const what = [
    name === 'My shop' && 'ready.shop.name',
    !contact.email && !contact.phone && 'ready.shop.contact',
    !hours.length && 'ready.shop.hours',
    !policy && 'ready.shop.policy',
  ].flatMap((key) => (key ? [{ key }] : []))
  return what.length
    ? attention(title, { key: 'ready.shop.missing', values: { what } }, { key: 'ready.shop.next' })
    : ready(title, name)
}

function judgeProducts(many: number): Row {
  const title = { key: 'ready.products.title' }
  return many
    ? ready(title, { key: 'ready.products.on', values: { many } })
    : attention(title, { key: 'ready.products.none' }, { key: 'ready.products.next' })
}

function judgeDelivery(logistics: boolean, couriers: number, points: number): Row {
  const title = { key: 'ready.delivery.title' }
  if (!logistics) return off(title, { key: 'ready.delivery.off' }, '')
  return couriers + points > 0
    ? ready(title, { key: 'ready.delivery.on', values: { couriers, points } })
    : attention(title, { key: 'ready.delivery.none' }, { key: 'ready.delivery.next' })
}
