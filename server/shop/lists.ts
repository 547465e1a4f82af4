import mongoose, { type Types } from 'mongoose'
import { Orders } from '../../models/order.ts'
import { AuditEntries, type StaffTask, StaffTasks } from '../../models/shop.ts'
import { Users } from '../../models/user.ts'
import { AppError, notFound, type StaffCaller } from '../http/index.ts'
import { audit } from './audit.ts'
import type { AuditView, TaskView } from './contract.ts'

const page = 30

/** A page of tasks, newest first. */
export async function listTasks(filter: {
  state: 'open' | 'done'
  cursor?: string | undefined
}): Promise<{ tasks: TaskView[]; cursor: string | null }> {
  const rows = await StaffTasks.find({ state: filter.state, ...olderThan('createdAt', filter.cursor) })
    .sort({ createdAt: -1, _id: -1 })
    .limit(page + 1)
    .lean()
  const tasks = rows.slice(0, page)
  const last = tasks.at(-1)
  return {
    tasks: await taskViews(tasks),
    cursor: rows.length > page && last ? cursorOf(last.createdAt, last._id) : null,
  }
}

/** Closes a task by hand. */
export async function closeTask(by: StaffCaller, taskId: string): Promise<TaskView> {
  const staff = new mongoose.Types.ObjectId(by.staffId)
  return changeTask(by, taskId, 'task.done', { state: 'done', doneBy: staff })
}

/** Gives a task to somebody, or to nobody. */
export async function assignTask(by: StaffCaller, taskId: string, staffId: string | null): Promise<TaskView> {
  if (staffId && !(await Users.exists({ _id: staffId, active: true, roles: { $ne: 'customer' } }))) {
    throw notFound('The member of staff')
  }
  const assignee = staffId ? new mongoose.Types.ObjectId(staffId) : null
  return changeTask(by, taskId, 'task.assigned', { assignee })
}

async function changeTask(
  by: StaffCaller,
  taskId: string,
  action: string,
  change: Partial<StaffTask>,
): Promise<TaskView> {
  const task = await StaffTasks.findOneAndUpdate(
    { _id: taskId, state: 'open' },
    { $set: change },
    { returnDocument: 'after' },
  ).lean()
  if (!task) {
    if (!(await StaffTasks.exists({ _id: taskId }))) throw notFound('The task')
    throw new AppError('task.done', 'This task has been done already.', { status: 409, reload: true })
  }
  await audit({
    by: by.staffId,
    byName: by.name,
    action,
    subject: taskId,
    details: { kind: task.kind, assignee: change.assignee ?? null },
  })
  const [view] = await taskViews([task])
  return view as TaskView
}

/** A page of who did what, newest first. */
export async function listAudit(filter: {
  subject?: string | undefined
  cursor?: string | undefined
}): Promise<{ entries: AuditView[]; cursor: string | null }> {
  const rows = await AuditEntries.find({
    ...(filter.subject && { subject: filter.subject }),
    ...olderThan('at', filter.cursor),
  })
    .sort({ at: -1, _id: -1 })
    .limit(page + 1)
    .lean()
  const entries = rows.slice(0, page)
  const last = entries.at(-1)
  return {
    entries: entries.map(({ _id, byName, action, subject, details, at }) => ({
      id: String(_id),
      byName,
      action,
      subject,
      details: details as AuditView['details'],
      at: at.toISOString(),
    })),
    cursor: rows.length > page && last ? cursorOf(last.at, last._id) : null,
  }
}

async function taskViews(tasks: StaffTask[]): Promise<TaskView[]> {
  const ids = (of: (task: StaffTask) => Types.ObjectId | null) => tasks.flatMap((task) => of(task) ?? [])
  const [staff, orders] = await Promise.all([
    Users.find(
      { _id: { $in: ids((task) => task.assignee) } },
      { firstName: 1, lastName: 1, username: 1 },
    ).lean(),
    Orders.find({ _id: { $in: ids((task) => task.order) } }, { conversation: 1 }).lean(),
  ])
  return tasks.map((task) => {
    const assignee = staff.find(({ _id }) => String(_id) === String(task.assignee))
    const conversation = orders.find(({ _id }) => String(_id) === String(task.order))?.conversation
    return {
      id: String(task._id),
      kind: task.kind,
      subject: task.subject,
      orderId: task.order && String(task.order),
      conversationId: conversation ? String(conversation) : null,
      summary: task.summary,
      details: task.details as TaskView['details'],
      state: task.state,
      assignee: assignee
        ? {
            id: String(assignee._id),
            name: `${assignee.firstName} ${assignee.lastName}`.trim() || assignee.username,
          }
        : null,
      createdAt: task.createdAt.toISOString(),
    }
  })
}

const cursorOf = (at: Date, id: Types.ObjectId): string => `${at.getTime()}-${id}`

/** What comes after the last row of the page before, in a list that is newest first. */
function olderThan(field: 'at' | 'createdAt', cursor: string | undefined) {
  if (!cursor) return {}
  const [, time = '', id = ''] = /^(\d{1,15})-([0-9a-f]{24})$/.exec(cursor) ?? []
  if (!id) {
    throw new AppError(
      'cursor.invalid',
      'This page of the list is not there any more. Begin at the top again.',
    )
  }
  const at = new Date(Number(time))
  return {
    [field]: { $lte: at },
    $or: [{ [field]: { $lt: at } }, { _id: { $lt: new mongoose.Types.ObjectId(id) } }],
  }
}
