// `npm run verify`: recomputes what must always hold, and names every document that breaks it.
import type mongoose from 'mongoose'
import type { PipelineStage } from 'mongoose'
import { DeadLetters, Inbox, Outbox } from '../../models/broker.ts'
import { DeliveryCases, DeliverySlots } from '../../models/delivery.ts'
import { type Order, Orders } from '../../models/order.ts'
import { type Payment, Payments } from '../../models/payment.ts'
import { StaffTasks } from '../../models/shop.ts'
import { nextOrderStates, type OrderState } from '../../models/states.ts'
import { StockHolds, StockMovements, Stocks } from '../../models/store.ts'
import { now } from './clock.ts'
import { checkHolds } from './verify-holds.ts'
import { checkMoneyLog } from './verify-money.ts'
import { checkTickets } from './verify-tickets.ts'

/** One broken invariant: which rule, which document, and what is wrong with it. */
export interface Violation {
  rule: string
  subject: string
  problem: string
}

/** An outbox row or operation older than this should have been handled. */
const stuckMs = 15 * 60_000
const unknownMs = 24 * 3_600_000

const rules: Record<string, () => Promise<Violation[]>> = {
  stock: checkStock,
  holds: checkHolds,
  paid: checkPaidOrders,
  confirming: checkConfirming,
  ended: checkEndedOrders,
  payments: checkPayments,
  money: checkMoneyLog,
  slots: checkSlots,
  tickets: checkTickets,
  messages: checkMessages,
  history: checkHistories,
}

/** Checks every invariant over the whole database. An empty answer is a clean one. */
export async function verify(): Promise<Violation[]> {
  const found: Violation[] = []
  for (const check of Object.values(rules)) found.push(...(await check()))
  return found
}

/** 1. available + reserved + shipped = the sum of movements; reserved = what is held and committed. */
async function checkStock(): Promise<Violation[]> {
  const key = (row: { sku: string; store: mongoose.Types.ObjectId }) => `${row.sku} ${row.store}`
  const sum = async (model: mongoose.Model<never>, pipeline: PipelineStage[]) => {
    const rows = await model.aggregate<{ _id: { sku: string; store: mongoose.Types.ObjectId }; sum: number }>(
      pipeline,
    )
    return new Map(rows.map(({ _id, sum }) => [key(_id), sum]))
  }
  const by = { sku: '$sku', store: '$store' }
  const moved = await sum(StockMovements as never, [{ $group: { _id: by, sum: { $sum: '$change' } } }])
  const held = await sum(StockHolds as never, [
    { $match: { state: { $in: ['HELD', 'COMMITTED'] } } },
    { $group: { _id: by, sum: { $sum: '$quantity' } } },
  ])
  const found: Violation[] = []
  for await (const stock of Stocks.find().lean().cursor()) {
    const { available, reserved, shipped } = stock
    const subject = key(stock)
    const add = (problem: string) => found.push({ rule: 'stock', subject, problem })
    if (Math.min(available, reserved, shipped) < 0) add(`negative: ${available} ${reserved} ${shipped}`)
    const whole = moved.get(subject) ?? 0
    if (available + reserved + shipped !== whole) {
      add(`${available} + ${reserved} + ${shipped} is not the ${whole} of its movements`)
    }
    if (reserved !== (held.get(subject) ?? 0)) add(`${reserved} reserved, ${held.get(subject) ?? 0} held`)
    held.delete(subject)
  }
  for (const [subject, count] of held) {
    found.push({ rule: 'stock', subject, problem: `${count} held of a stock that is not there` })
  }
  return found
}

/** 2. What is confirmed is paid, exactly, and its goods are its own. */
async function checkPaidOrders(): Promise<Violation[]> {
  const found: Violation[] = []
  const confirmed = { state: { $in: ['CONFIRMED', 'FULFILLING', 'DELIVERED'] as OrderState[] } }
  for await (const order of Orders.find(confirmed).lean().cursor()) {
    const add = (problem: string) => found.push({ rule: 'paid', subject: order.regNo, problem })
    const net = netOf(await paymentsOf(order))
    if (net !== order.totals.total - order.refunded) {
      add(`${net} paid, ${order.totals.total} - ${order.refunded} due`)
    }
    const held = await StockHolds.countDocuments({ order: order._id, state: 'HELD' })
    if (held) add(`${held} holds are not committed`)
    const wanted = order.lines.filter((line) => line.product && line.variant)
    const own = await StockHolds.aggregate<{ _id: number; sum: number }>([
      { $match: { order: order._id, state: { $in: ['COMMITTED', 'SHIPPED'] } } },
      { $group: { _id: '$line', sum: { $sum: '$quantity' } } },
    ])
    for (const line of wanted) {
      const has = own.find(({ _id }) => _id === line.number)?.sum ?? 0
      if (has !== line.quantity) add(`line ${line.number} has ${has} of ${line.quantity}`)
    }
    if (order.delivery && !(await DeliveryCases.exists({ order: order._id }))) add('no delivery case')
  }
  return found
}

/** 2. What is paid and not confirmed yet has come in, or is held by a bank: to the last of it. */
async function checkConfirming(): Promise<Violation[]> {
  const found: Violation[] = []
  for await (const order of Orders.find({ state: { $in: ['PAID', 'CONFIRMING'] as OrderState[] } })
    .lean()
    .cursor()) {
    const payments = await paymentsOf(order)
    const held = payments.filter(isHeld).reduce((sum, { amount }) => sum + amount, 0)
    const due = order.totals.total - order.refunded
    if (netOf(payments) + held !== due) {
      const problem = `${netOf(payments)} paid and ${held} held, ${due} due`
      found.push({ rule: 'confirming', subject: order.regNo, problem })
    }
  }
  return found
}

/** 3. What is cancelled or expired keeps no money without a task that says why, no goods and no slot. */
async function checkEndedOrders(): Promise<Violation[]> {
  const found: Violation[] = []
  for await (const order of Orders.find({ state: { $in: ['CANCELED', 'EXPIRED'] } })
    .lean()
    .cursor()) {
    const add = (problem: string) => found.push({ rule: 'ended', subject: order.regNo, problem })
    const payments = await paymentsOf(order)
    const net = netOf(payments)
    if (net !== 0 && !(await hasTask(order))) add(`${net} kept, and no task says why`)
    if (payments.some(isHeld)) add('a bank still holds money for it')
    const holds = await StockHolds.countDocuments({ order: order._id, state: { $in: ['HELD', 'COMMITTED'] } })
    if (holds) add(`${holds} holds are left`)
    const slot = await DeliveryCases.exists({
      order: order._id,
      slot: { $ne: null },
      state: { $in: ['SLOT_HELD', 'BOOKED'] },
    })
    if (slot) add('its delivery slot is still taken')
  }
  return found
}

/** 5. No more given back than came; nothing left hanging without somebody who knows. */
async function checkPayments(): Promise<Violation[]> {
  const found: Violation[] = []
  const longAgo = new Date(now().getTime() - stuckMs)
  for await (const payment of Payments.find().lean<Payment[]>().cursor()) {
    const subject = `${payment.orderRegNo} attempt ${payment.attemptNo}`
    const add = (problem: string) => found.push({ rule: 'payments', subject, problem })
    if (payment.refunded > payment.captured) add(`${payment.refunded} refunded of ${payment.captured}`)
    const unsure = payment.operations.filter(
      ({ state, updatedAt }) => (state === 'SENT' || state === 'UNKNOWN') && updatedAt < longAgo,
    )
    const unsent = payment.operations.find(
      ({ state, alone, approvedBy, forStaff, updatedAt }) =>
        state === 'REQUESTED' && (alone || approvedBy) && !forStaff && updatedAt < longAgo,
    )
    const hanging = unsure[0] ?? unsent
    if (hanging && !payment.checkAt) add(`operation ${hanging.opId} hangs and nobody looks`)
    const old = payment.createdAt.getTime() < now().getTime() - unknownMs
    const forgotten = unsure.find(
      ({ kind, at, forStaff }) =>
        kind === 'refund' && !forStaff && at.getTime() < now().getTime() - unknownMs,
    )
    if (forgotten) add(`nobody was asked about refund ${forgotten.opId}`)
    const needsTask = (payment.state === 'UNKNOWN' && old) || payment.flags.conflict
    if (needsTask && !(await taskFor(String(payment._id)))) add('no task says that a person is needed')
    if (
      payment.flags.duplicate &&
      payment.refunded < payment.captured &&
      !(await taskFor(String(payment._id)))
    ) {
      add('paid twice, and no task says so')
    }
  }
  return found
}

/** 6. What a slot counts as taken is what cases and holds have of it, and no more than fits. */
async function checkSlots(): Promise<Violation[]> {
  const rows = await DeliveryCases.aggregate<{ _id: mongoose.Types.ObjectId; count: number }>([
    { $match: { slot: { $ne: null }, state: { $ne: 'CANCELED' } } },
    { $group: { _id: '$slot', count: { $sum: 1 } } },
  ])
  const used = new Map(rows.map(({ _id, count }) => [String(_id), count]))
  const found: Violation[] = []
  for await (const slot of DeliverySlots.find({
    $or: [{ taken: { $gt: 0 } }, { _id: { $in: rows.map(({ _id }) => _id) } }],
  })
    .lean()
    .cursor()) {
    const count = used.get(String(slot._id)) ?? 0
    if (slot.taken !== count || slot.taken > slot.capacity) {
      const problem = `${slot.taken} taken, ${count} used, ${slot.capacity} fit`
      found.push({ rule: 'slots', subject: slot.begin.toISOString(), problem })
    }
  }
  return found
}

/** 7. No message waits for ever unseen. */
async function checkMessages(): Promise<Violation[]> {
  const longAgo = new Date(now().getTime() - stuckMs)
  const waiting = { state: 'NEW' as const, tries: 0 }
  const found: Violation[] = []
  const add = (subject: string, problem: string) => found.push({ rule: 'messages', subject, problem })
  const outbox = await Outbox.find({ ...waiting, createdAt: { $lt: longAgo } })
    .limit(20)
    .lean()
  for (const row of outbox) add(`outbox ${row._id}`, `${row.type} waits since ${row.createdAt.toISOString()}`)
  const inbox = await Inbox.find({ ...waiting, receivedAt: { $lt: longAgo } })
    .limit(20)
    .lean()
  for (const row of inbox)
    add(`inbox ${row._id}`, `${row.eventId} waits since ${row.receivedAt.toISOString()}`)
  const dead = { state: 'DEAD' as const }
  const ids = [
    ...(await Outbox.find(dead, { _id: 1 }).lean()),
    ...(await Inbox.find(dead, { _id: 1 }).lean()),
  ]
  for (const { _id } of ids) {
    if (!(await DeadLetters.exists({ original: _id })))
      add(String(_id), 'dead, and not kept as a dead letter')
  }
  return found
}

/** 8. Every step in a history is one of the table; versions rise, and end at the order's own. */
async function checkHistories(): Promise<Violation[]> {
  const found: Violation[] = []
  for await (const order of Orders.find({}, { regNo: 1, history: 1, version: 1, state: 1 }).lean().cursor()) {
    const add = (problem: string) => found.push({ rule: 'history', subject: order.regNo, problem })
    let state: OrderState | null = null
    let version = -1
    for (const { from, to, version: at } of order.history) {
      if (from !== state) add(`${from} → ${to} follows ${state}`)
      if (from && !nextOrderStates[from].includes(to)) add(`${from} → ${to} is no step`)
      if (at <= version) add(`version ${at} follows ${version}`)
      state = to
      version = at
    }
    if (state !== order.state) add(`${order.state}, its history ends in ${state}`)
    if (version > order.version) add(`version ${order.version}, its history ends at ${version}`)
  }
  return found
}

const paymentsOf = (order: Pick<Order, '_id'>): Promise<Payment[]> =>
  Payments.find({ order: order._id }).lean<Payment[]>()

const netOf = (payments: Payment[]): number =>
  payments
    .filter(({ flags }) => !flags.duplicate)
    .reduce((sum, { captured, refunded }) => sum + captured - refunded, 0)

const isHeld = ({ flags, state, captured }: Payment): boolean =>
  flags.held === true && state === 'AUTHORIZED' && captured === 0

const taskFor = (subject: string) => StaffTasks.exists({ subject })
const hasTask = (order: Pick<Order, '_id'>) => StaffTasks.exists({ order: order._id, state: 'open' })
