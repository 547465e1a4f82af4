import type { ClientSession, Types } from 'mongoose'
import { StaffTasks } from '../../models/shop.ts'
import { isDuplicate } from '../database/index.ts'

export interface NewTask {
  kind: string
  /** One open task for one kind and subject, however often it is raised. */
  subject: string
  summary: string
  order?: Types.ObjectId | null
  details?: unknown
}

/** Puts something that needs a person before the staff. */
export async function raiseTask(task: NewTask, session?: ClientSession): Promise<void> {
  const { kind, subject, ...rest } = task
  try {
    await StaffTasks.updateOne(
      { kind, subject, state: 'open' },
      { $setOnInsert: rest },
      { upsert: true, ...(session && { session }) },
    )
  } catch (error) {
    // Raised twice at the same moment: one stands. Inside a transaction the error must reach it, which tries again.
    if (session || !isDuplicate(error)) throw error
  }
}

/** The same for what changes while it waits: an open task says it anew. */
export async function restateTask(task: NewTask): Promise<void> {
  const { kind, subject, summary } = task
  const { matchedCount } = await StaffTasks.updateOne(
    { kind, subject, state: 'open', summary: { $ne: summary } },
    { $set: { summary } },
  )
  if (!matchedCount) await raiseTask(task)
}

/** Closes the open tasks of a kind but those of these subjects: the others have settled themselves. */
export async function finishOtherTasks(kind: string, subjects: string[]): Promise<void> {
  await StaffTasks.updateMany(
    { kind, state: 'open', subject: { $nin: subjects } },
    { $set: { state: 'done', doneBy: null } },
  )
}

/** Closes the task of a kind and subject, if it is open. */
export async function finishTask(
  kind: string,
  subject: string,
  by: Types.ObjectId | null,
  session?: ClientSession,
): Promise<void> {
  await StaffTasks.updateOne(
    { kind, subject, state: 'open' },
    { $set: { state: 'done', doneBy: by } },
    session ? { session } : {},
  )
}
