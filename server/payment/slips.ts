import { createHash } from 'node:crypto'
import mongoose, { type ClientSession, type Types } from 'mongoose'
import { type Payment, type PaymentRef, Payments } from '../../models/payment.ts'
import { type Slip, Slips } from '../../models/slip.ts'
import { publish } from '../broker/index.ts'
import { isDuplicate, now, transaction } from '../database/index.ts'
import { AppError, notFound, type StaffCaller } from '../http/index.ts'
import { announceOrder, findOrder } from '../order/index.ts'
import { audit, finishTask, raiseTask, toPhoto } from '../shop/index.ts'
import { findPayment, paymentsOf } from './attempts.ts'
import { confirmedRef, refusedRef, transferRef, waitingRef } from './gateways/promptpay/slip-refs.ts'
import { settle } from './settle.ts'

const GATEWAY = 'promptpay'
/** More pictures than that for one payment are no slips. */
const MOST = 10

/**
 * Keeps the slip that a customer sends for an order, and puts it before the staff; an earlier one that waits makes
 * room. It may come late: then staff decide. Refuses a picture that was sent before, and tells the staff of it.
 */
export async function sendSlip(orderId: Types.ObjectId, upload: Buffer): Promise<void> {
  const payment = await slipPayment(orderId)
  const { bytes } = await toPhoto(upload)
  const hash = createHash('sha256').update(upload).digest('hex')
  await refuseUsed(payment, hash)
  const slip = {
    _id: new mongoose.Types.ObjectId(),
    payment: payment._id,
    order: payment.order,
    orderRegNo: payment.orderRegNo,
    customer: payment.customer,
    hash,
    bytes,
    createdAt: now(),
  }
  try {
    await transaction((session) => keep(session, payment, slip))
  } catch (error) {
    if (!isDuplicate(error)) throw error
    await refuseUsed(payment, hash)
    throw error
  }
  await settle(payment._id, 'slip')
  announceOrder(await findOrder(orderId))
}

/** The attempt that a slip is for: the open one, else the last. */
async function slipPayment(orderId: Types.ObjectId): Promise<Payment> {
  const all = (await paymentsOf(orderId)).filter(({ gateway }) => gateway === GATEWAY)
  const payment = all.find(({ open }) => open) ?? all.at(-1)
  if (!payment) {
    throw new AppError(
      'slip.no_payment',
      'There is no transfer to send a slip for. Choose PromptPay first.',
      {
        status: 409,
        reload: true,
      },
    )
  }
  const sent = await Slips.countDocuments({ payment: payment._id })
  if (payment.captured > 0 || sent >= MOST) {
    throw new AppError(
      'slip.closed',
      'Nothing more is needed for this payment. Write to the shop in the chat.',
      {
        status: 409,
        reload: true,
      },
    )
  }
  return payment
}

async function keep(
  session: ClientSession,
  payment: Payment,
  slip: Omit<Slip, 'state' | 'counts' | 'amount' | 'bankReference' | 'reason' | 'decidedBy' | 'decidedAt'>,
): Promise<void> {
  const earlier = await Slips.find({ payment: payment._id, state: 'waiting' }).session(session).lean()
  for (const { _id } of earlier) {
    await decide(session, _id, {
      state: 'refused',
      counts: false,
      reason: 'another was sent',
      decidedBy: null,
    })
    await replaceRef(session, payment._id, waitingRef(String(_id)), refusedRef(String(_id)))
  }
  await Slips.create([slip], { session })
  await replaceRef(session, payment._id, null, waitingRef(String(slip._id)))
  const late = payment.open ? '' : ' It comes late: the order may have ended.'
  await raiseTask(
    {
      kind: 'payment.slip',
      subject: String(payment._id),
      order: payment.order,
      summary: `${payment.orderRegNo}: a transfer slip waits. Look at the bank account, then confirm or refuse it at the order.${late}`,
      details: { paymentId: String(payment._id) },
    },
    session,
  )
}

/** The same picture does not pay twice. The customer hears that; the staff hear where and when it was used. */
async function refuseUsed(payment: Payment, hash: string): Promise<void> {
  const used = await Slips.findOne({ hash, counts: true }).lean()
  if (!used) return
  await raiseTask({
    kind: 'payment.slip_used',
    subject: String(payment._id),
    order: payment.order,
    summary: `${payment.orderRegNo}: a slip was sent again that was used before. ${story(used)}`,
    details: { paymentId: String(payment._id), slipId: String(used._id) },
  })
  throw new AppError('slip.used', 'This slip was sent before. Send the one of this payment.', { status: 409 })
}

/** Who used a slip, and when. */
function story({ orderRegNo, createdAt, state, decidedBy, decidedAt }: Slip): string {
  const time = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const decided =
    state === 'confirmed' && decidedAt ? `, confirmed by ${decidedBy ?? '?'} at ${time(decidedAt)}` : ''
  return `It came for ${orderRegNo} at ${time(createdAt)}${decided}.`
}

/**
 * A person has seen the money in the account: how much, and under which number of the bank's. What follows is as with
 * every other gateway; an amount that is not the price goes to review.
 */
export async function confirmSlip(
  slipId: string,
  { amount, bankReference }: { amount: number; bankReference: string },
  staff: StaffCaller,
): Promise<void> {
  const slip = await waitingSlip(slipId)
  const reference = bankReference.replace(/[\s-]/g, '').toUpperCase()
  try {
    await transaction(async (session) => {
      await decide(session, slip._id, {
        state: 'confirmed',
        amount,
        bankReference: reference,
        decidedBy: staff.name,
      })
      await replaceRef(session, slip.payment, waitingRef(slipId), confirmedRef(slipId, amount))
      await replaceRef(session, slip.payment, null, transferRef(reference))
      await finishTask(
        'payment.slip',
        String(slip.payment),
        new mongoose.Types.ObjectId(staff.staffId),
        session,
      )
    })
  } catch (error) {
    const used = isDuplicate(error) && (await Slips.findOne({ bankReference: reference }).lean())
    if (!used) throw error
    throw new AppError(
      'slip.reference_used',
      `This bank reference was used before. ${story(used)} Refuse the slip, or correct the number.`,
      { status: 409, details: { orderRegNo: used.orderRegNo, by: used.decidedBy, at: used.decidedAt } },
    )
  }
  await record(staff, 'order.slip.confirm', slip, { amount, bankReference: reference })
  await settle(slip.payment, `slip confirmed by ${staff.name}`)
  announceOrder(await findOrder(slip.order))
}

/** The picture shows no transfer to us, or another's. The customer hears of it, and may send another. */
export async function refuseSlip(slipId: string, reason: string, staff: StaffCaller): Promise<void> {
  const slip = await waitingSlip(slipId)
  await transaction(async (session) => {
    await decide(session, slip._id, { state: 'refused', counts: false, reason, decidedBy: staff.name })
    await replaceRef(session, slip.payment, waitingRef(slipId), refusedRef(slipId))
    await finishTask(
      'payment.slip',
      String(slip.payment),
      new mongoose.Types.ObjectId(staff.staffId),
      session,
    )
    await publish(session, 'payment.failed', String(slip.order), {
      orderId: String(slip.order),
      paymentId: String(slip.payment),
      code: 'slip_refused',
    })
  })
  await record(staff, 'order.slip.refuse', slip, { reason })
  await settle(slip.payment, `slip refused by ${staff.name}`)
  announceOrder(await findOrder(slip.order))
}

async function waitingSlip(slipId: string): Promise<Slip> {
  const slip = mongoose.isObjectIdOrHexString(slipId) && (await Slips.findById(slipId, { bytes: 0 }).lean())
  if (!slip) throw notFound('The slip')
  if (slip.state !== 'waiting') throw decidedAlready(slip)
  return slip as Slip
}

const decidedAlready = ({ state, decidedBy }: Pick<Slip, 'state' | 'decidedBy'>) =>
  new AppError('slip.decided', `${decidedBy ?? 'The customer'} was faster: the slip is ${state}.`, {
    status: 409,
    reload: true,
  })

/** One person decides: the second is told that they were late. */
async function decide(session: ClientSession, _id: Types.ObjectId, set: Partial<Slip>): Promise<void> {
  const { modifiedCount } = await Slips.updateOne(
    { _id, state: 'waiting' },
    { $set: { ...set, decidedAt: now() } },
    { session },
  )
  if (!modifiedCount) throw decidedAlready({ state: 'refused', decidedBy: 'Somebody else' })
}

async function replaceRef(
  session: ClientSession,
  _id: Types.ObjectId,
  before: PaymentRef | null,
  after: PaymentRef,
): Promise<void> {
  const payment = await findPayment(_id, session)
  if (!payment) throw notFound('The payment')
  const others = payment.refs.filter((ref) => ref.kind !== before?.kind || ref.value !== before.value)
  await Payments.collection.updateOne(
    { _id },
    { $set: { refs: [...others, after], checkAt: now(), updatedAt: now() } },
    { session },
  )
}

const record = ({ staffId: by, name: byName }: StaffCaller, action: string, slip: Slip, details: object) =>
  audit({ by, byName, action, subject: slip.orderRegNo, details })

/** The slips of a payment, without their pictures, the newest first. */
export async function slipsOf(paymentId: string): Promise<Omit<Slip, 'bytes' | 'hash'>[]> {
  if (!mongoose.isObjectIdOrHexString(paymentId)) throw notFound('The payment')
  return Slips.find({ payment: paymentId }, { bytes: 0, hash: 0 }).sort({ createdAt: -1 }).lean()
}

/** The picture of a slip, for staff. */
export async function slipPicture(slipId: string): Promise<Buffer> {
  const slip = mongoose.isObjectIdOrHexString(slipId)
    ? await Slips.collection.findOne(
        { _id: new mongoose.Types.ObjectId(slipId) },
        { projection: { bytes: 1 } },
      )
    : null
  if (!slip) throw notFound('The slip')
  return Buffer.from(slip['bytes'].buffer)
}
