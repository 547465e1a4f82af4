import mongoose, { type ClientSession, type Types } from 'mongoose'
import { Customers } from '../../models/customer.ts'
import type { Order } from '../../models/order.ts'
import { confirmators, type Saga, type SagaStep, Sagas, type StepName } from '../../models/saga.ts'
import { type EventPayload, publish } from '../broker/index.ts'
import { inMs, now, transaction } from '../database/index.ts'
import { announceOrder, changeOrder, findOrder, needsDelivery, refreshStatus } from '../order/index.ts'
import { isHeld, orderItems, paymentsOf } from '../payment/index.ts'
import { raiseTask, shopSettings } from '../shop/index.ts'

/*
 * An order's way from paid to confirmed, or back. The services are asked one after another; every step is a row that
 * survives us. A question without an answer is asked again: each service answers the same to the same.
 */
const minute = 60_000
const confirmWithin = 30 * minute
const mostTries = 40
/** 15 s, 30 s, 1 min … 10 min between two askings of one question. */
const patience = (tries: number): number => Math.min(15_000 * 2 ** tries, 10 * minute)

/** Format 6: a paid order asks to be confirmed. Asked twice, one saga stands. */
export async function begin({ orderId }: EventPayload<'order.process'>): Promise<void> {
  const changed = await transaction(async (session) => {
    const order = await findOrder(orderId, session)
    if (order.state !== 'PAID' || (await sagaOf(order._id, session))) return null
    const { logistics } = await shopSettings()
    const delivers = needsDelivery(order, logistics) && order.delivery !== null
    const steps = confirmators.map((name) => step(name, 'CONFIRM', name === 'DELIVERY' && !delivers))
    // Money that is only held is taken last, when everything else is certain.
    if ((await paymentsOf(order._id, session)).some(isHeld)) steps.push(step('CAPTURE', 'CONFIRM', false))
    const saga = await insert(session, order, 'CONFIRMING', steps, '')
    const confirming = await changeOrder(order, { to: 'CONFIRMING', by: 'saga' }, session)
    await askNext(session, saga, confirming)
    return confirming
  })
  if (changed) announceOrder(changed)
}

/** Money is there for what cannot be had, or a paid order was cancelled: everything is undone, the last first. */
export async function compensate({ orderId, reason }: EventPayload<'order.compensate'>): Promise<void> {
  await transaction(async (session) => {
    const order = await findOrder(orderId, session)
    if (order.state !== 'COMPENSATING') return
    const saga = await sagaOf(order._id, session)
    if (!saga) {
      const steps = reversals()
      await askNext(session, await insert(session, order, 'COMPENSATING', steps, reason), order)
    } else if (saga.state !== 'COMPENSATING') {
      const turned = { ...saga, state: 'COMPENSATING' as const, reason, steps: reversals() }
      await askNext(session, turned, order)
    }
  })
}

type Reply = Omit<EventPayload<'orchestra.reply'>, 'confirmator'> & { confirmator: StepName }

/** Format 9: a service has answered. Late and repeated answers find their step done, and change nothing. */
export async function hear(reply: Reply): Promise<void> {
  const changed = await transaction(async (session) => {
    const order = await findOrder(reply.orderId, session)
    const saga = await sagaOf(order._id, session)
    const asked = saga?.steps.find(
      ({ name, action, state }) =>
        name === reply.confirmator && action === reply.requestType && state === 'ASKED',
    )
    if (!saga || !asked) return null
    asked.state = reply.response
    if (reply.response === 'SUCCESS') return askNext(session, saga, order)
    return asked.action === 'CONFIRM'
      ? turnBack(session, saga, order, `${asked.name} could not confirm`)
      : giveUp(session, saga, order, `${asked.name} could not be undone`)
  })
  if (changed) announceOrder(changed)
}

/** Whether a service's answer is being waited for. */
export async function isAsked(orderId: string, name: StepName, action: SagaStep['action']): Promise<boolean> {
  const asked = { $elemMatch: { name, action, state: 'ASKED' } }
  return (await Sagas.exists({ order: orderId, steps: asked as never })) !== null
}

/** Asks again what was not answered in time, and turns back what takes too long. Called by every worker's sweep. */
export async function wakeSagas(): Promise<void> {
  const due = await Sagas.collection
    .find<Saga>({ wakeAt: { $lte: now() } })
    .limit(50)
    .toArray()
  for (const { order } of due) await wake(order)
}

async function wake(orderId: Types.ObjectId): Promise<void> {
  const changed = await transaction(async (session) => {
    const saga = await sagaOf(orderId, session)
    const order = await findOrder(orderId, session)
    const asked = saga?.steps.find(({ state }) => state === 'ASKED')
    if (!saga?.wakeAt || saga.wakeAt > now() || !asked) return null
    asked.tries += 1
    if (asked.action === 'CONFIRM' && saga.deadline <= now()) {
      return turnBack(session, saga, order, `${asked.name} did not answer in time`)
    }
    if (asked.tries >= mostTries) return giveUp(session, saga, order, `${asked.name} does not answer`)
    await ask(session, saga, order, asked)
    return null
  })
  if (changed) announceOrder(changed)
}

/** Asks the next step, or finishes when none is left. Answers the order when it has changed. */
async function askNext(session: ClientSession, saga: Saga, order: Order): Promise<Order | null> {
  const next = saga.steps.find(({ state }) => state === 'WAITING')
  if (!next)
    return saga.state === 'CONFIRMING' ? confirmed(session, saga, order) : undone(session, saga, order)
  next.state = 'ASKED'
  await ask(session, saga, order, next)
  return null
}

async function ask(session: ClientSession, saga: Saga, order: Order, asked: SagaStep): Promise<void> {
  await save(session, { ...saga, wakeAt: inMs(patience(asked.tries)) })
  const orderId = String(order._id)
  if (asked.name === 'CAPTURE') return publish(session, 'orchestra.capture', orderId, { orderId })
  await publish(session, 'orchestra.request', orderId, {
    orderId,
    requestType: asked.action,
    confirmator: asked.name,
    orderItems: orderItems(order),
  })
}

async function confirmed(session: ClientSession, saga: Saga, order: Order): Promise<Order> {
  const changed = await changeOrder(order, { to: 'CONFIRMED', by: 'saga' }, session)
  await save(session, { ...saga, state: 'CONFIRMED', wakeAt: null })
  const orderId = String(order._id)
  await tellOutcome(session, changed, 'SUCCESS')
  await publish(session, 'order.confirmed', orderId, { orderId })
  return changed
}

async function undone(session: ClientSession, saga: Saga, order: Order): Promise<Order> {
  const changed = await changeOrder(
    order,
    { to: 'CANCELED', by: 'saga', reason: saga.reason, set: { cancelReason: saga.reason } },
    session,
  )
  await save(session, { ...saga, state: 'CANCELED', wakeAt: null })
  await tellOutcome(session, changed, 'FAIL')
  await publish(session, 'order.canceled', String(order._id), {
    orderId: String(order._id),
    reason: saga.reason,
    refunded: changed.refunded > 0,
  })
  refreshStatus(session, order.customer)
  return changed
}

/** Formats 7 and 2. */
async function tellOutcome(
  session: ClientSession,
  order: Order,
  response: 'SUCCESS' | 'FAIL',
): Promise<void> {
  const orderId = String(order._id)
  const customer = await Customers.collection.findOne({ _id: order.customer }, { session })
  const username = String(customer?.['username'] ?? '')
  await publish(session, 'order.processed', orderId, { orderId, version: order.version, response })
  await publish(session, 'notify.order', orderId, {
    orderId,
    username,
    response,
    timestamp: now().toISOString(),
  })
}

async function turnBack(session: ClientSession, saga: Saga, order: Order, reason: string): Promise<Order> {
  const changed = await changeOrder(order, { to: 'COMPENSATING', by: 'saga', reason }, session)
  const turned = { ...saga, state: 'COMPENSATING' as const, reason, steps: reversals() }
  return (await askNext(session, turned, changed)) ?? changed
}

/** Never silently: a person takes over. */
async function giveUp(session: ClientSession, saga: Saga, order: Order, reason: string): Promise<Order> {
  const changed = await changeOrder(order, { to: 'MANUAL_REVIEW', by: 'saga', reason }, session)
  await save(session, { ...saga, state: 'MANUAL_REVIEW', wakeAt: null })
  await raiseTask(
    {
      kind: 'order.review',
      subject: String(order._id),
      order: order._id,
      summary: `${order.regNo}: ${reason}. Set it right by hand.`,
    },
    session,
  )
  await publish(session, 'order.review', String(order._id), { orderId: String(order._id), reason })
  return changed
}

const step = (name: StepName, action: SagaStep['action'], skipped: boolean): SagaStep => ({
  name,
  action,
  state: skipped ? 'SKIPPED' : 'WAITING',
  tries: 0,
  lastError: null,
})

/**
 * What must be undone, the last first: everything, whether it was confirmed or not. An unconfirmed order may hold
 * goods and a slot, an answer may be on its way, and undoing what was never done changes nothing.
 */
const reversals = (): SagaStep[] => [...confirmators].reverse().map((name) => step(name, 'REVERSE', false))

const sagaOf = (order: Types.ObjectId, session: ClientSession): Promise<Saga | null> =>
  Sagas.collection.findOne<Saga>({ order }, { session })

async function insert(
  session: ClientSession,
  order: Order,
  state: Saga['state'],
  steps: SagaStep[],
  reason: string,
): Promise<Saga> {
  const at = now()
  const saga: Saga = {
    _id: new mongoose.Types.ObjectId(),
    order: order._id,
    state,
    steps,
    reason,
    deadline: inMs(confirmWithin),
    wakeAt: at,
    version: 0,
    createdAt: at,
    updatedAt: at,
  }
  await Sagas.collection.insertOne(saga, { session })
  return saga
}

async function save(session: ClientSession, { _id, version, ...rest }: Saga): Promise<void> {
  await Sagas.collection.updateOne(
    { _id },
    { $set: { ...rest, version: version + 1, updatedAt: now() } },
    { session },
  )
}
