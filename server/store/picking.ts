import mongoose, { type ClientSession, type Types } from 'mongoose'
import { type PickingCase, PickingCases } from '../../models/store.ts'
import { now } from '../database/index.ts'
import { AppError } from '../http/index.ts'

/** Puts a confirmed order on the *to pack* list. Repeating it changes nothing. */
export async function openPicking(session: ClientSession, order: Types.ObjectId): Promise<void> {
  const at = now()
  await PickingCases.collection.updateOne(
    { order },
    {
      $setOnInsert: {
        _id: new mongoose.Types.ObjectId(),
        state: 'OPEN',
        pickedBy: null,
        createdAt: at,
        updatedAt: at,
      },
    },
    { upsert: true, session },
  )
}

/** The goods lie packed. */
export const markPicked = (
  session: ClientSession,
  order: Types.ObjectId,
  by: Types.ObjectId,
): Promise<void> => step(session, order, ['OPEN', 'PICKED'], { state: 'PICKED', pickedBy: by })

/** The goods have left the house. */
export const handOver = (session: ClientSession, order: Types.ObjectId): Promise<void> =>
  step(session, order, ['OPEN', 'PICKED', 'HANDED_OVER'], { state: 'HANDED_OVER' })

/** Takes an order off the list again; what has left the house stays as it is. */
export async function cancelPicking(session: ClientSession, order: Types.ObjectId): Promise<void> {
  await PickingCases.collection.updateOne(
    { order, state: { $in: ['OPEN', 'PICKED'] } },
    { $set: { state: 'CANCELED', updatedAt: now() } },
    { session },
  )
}

async function step(
  session: ClientSession,
  order: Types.ObjectId,
  from: PickingCase['state'][],
  change: Partial<PickingCase>,
): Promise<void> {
  const { matchedCount } = await PickingCases.collection.updateOne(
    { order, state: { $in: from } },
    { $set: { ...change, updatedAt: now() } },
    { session },
  )
  if (matchedCount) return
  throw new AppError('picking.state', 'This order is not to be packed (any more). Look at it as it is now.', {
    status: 409,
    reload: true,
  })
}
