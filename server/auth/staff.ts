import { Types } from 'mongoose'
import { Sessions, type User, Users } from '../../models/user.ts'
import { isDuplicate, transaction } from '../database/index.ts'
import { AppError, notFound, type StaffCaller } from '../http/index.ts'
import { audit } from '../shop/index.ts'
import type { StaffRole, StaffView } from './contract.ts'
import { mailLink, newLink } from './links.ts'
import { roleOf } from './role.ts'

const staffRoles = { $in: ['agent', 'manager', 'admin'] } as const

/** Everybody who works here, by name. */
export async function listStaff(): Promise<StaffView[]> {
  const users = await Users.find({ roles: staffRoles }).sort({ firstName: 1, username: 1 }).lean()
  return users.map(viewOf)
}

/** Invites somebody by mail; the mail's link lets them choose a password. */
export async function invite(
  by: StaffCaller,
  { email, name, role }: { email: string; name: string; role: StaffRole },
): Promise<StaffView> {
  const { link, token } = newLink('join')
  const address = email.toLowerCase()
  const [firstName, lastName] = splitName(name)
  const user: User = {
    _id: new Types.ObjectId(),
    username: address,
    email: address,
    firstName,
    lastName,
    phone: '',
    passwordHash: '',
    roles: [role],
    customerId: null,
    active: true,
    demo: false,
    link,
    guard: 0,
    lastSeenAt: null,
    createdAt: new Date(),
  }
  await Users.create(user).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error
    throw new AppError('staff.exists', `${address} is known already. Look for them in the list.`, {
      status: 409,
    })
  })
  await record(by, 'staff.invited', user, { role })
  await mailLink(user, token)
  return viewOf(user)
}

/** Sends the invitation again; the link of the first one no longer works. */
export async function inviteAgain(by: StaffCaller, staffId: string): Promise<StaffView> {
  const { link, token } = newLink('join')
  const user = await Users.findOneAndUpdate(
    { _id: staffId, roles: staffRoles, passwordHash: '' },
    { $set: { link } },
    { returnDocument: 'after' },
  ).lean()
  if (!user) throw notFound('An open invitation')
  await record(by, 'staff.invited', user, { again: true })
  await mailLink(user, token)
  return viewOf(user)
}

/** Gives another role, or lets somebody in or out. There is always one active admin with a password. */
export async function changeStaff(
  by: StaffCaller,
  staffId: string,
  change: { role?: StaffRole | undefined; active?: boolean | undefined },
): Promise<StaffView> {
  const changed = await transaction(async (session) => {
    const user = await Users.findOne({ _id: staffId, roles: staffRoles }, null, { session }).lean()
    if (!user) throw notFound('The member of staff')
    const next = {
      ...user,
      ...(change.role && { roles: [change.role] }),
      ...(change.active !== undefined && { active: change.active }),
    }
    if (isAdmin(user) && !isAdmin(next)) {
      // Written to all of them, not only read: two admins who remove each other at once must meet.
      const admins = await Users.updateMany(
        { roles: 'admin', active: true, passwordHash: { $ne: '' } },
        { $inc: { guard: 1 } },
        { session },
      )
      if (admins.modifiedCount < 2) {
        throw new AppError('staff.last_admin', 'This is the last admin. Make somebody else an admin first.', {
          status: 409,
        })
      }
    }
    await Users.updateOne(
      { _id: user._id },
      { $set: { roles: next.roles, active: next.active } },
      { session },
    )
    const theirs = { kind: 'staff' as const, user: user._id }
    if (next.active) await Sessions.updateMany(theirs, { $set: { role: roleOf(next) } }, { session })
    else await Sessions.deleteMany(theirs, { session })
    await audit(
      {
        by: by.staffId,
        byName: by.name,
        action: 'staff.changed',
        subject: String(user._id),
        details: { role: roleOf(next), active: next.active },
      },
      session,
    )
    return next
  })
  return viewOf(changed)
}

/** One member of staff, as the console shows them. */
export async function staffById(staffId: string): Promise<StaffView> {
  const user = await Users.findOne({ _id: staffId, roles: staffRoles }).lean()
  if (!user) throw notFound('The member of staff')
  return viewOf(user)
}

/** "Anan Jaidee" is Anan, of the family Jaidee; one word alone is a first name. */
export function splitName(name: string): [string, string] {
  const words = name.trim().split(/\s+/)
  return words.length > 1 ? [words.slice(0, -1).join(' '), words.at(-1) ?? ''] : [words[0] ?? '', '']
}

const isAdmin = (user: User) => user.active && user.roles.includes('admin') && user.passwordHash !== ''

async function record(by: StaffCaller, action: string, user: User, details: Record<string, unknown>) {
  await audit({ by: by.staffId, byName: by.name, action, subject: String(user._id), details })
}

function viewOf(user: User): StaffView {
  return {
    id: String(user._id),
    name: `${user.firstName} ${user.lastName}`.trim() || user.username,
    email: user.email,
    role: roleOf(user) ?? 'agent',
    active: user.active,
    joined: user.passwordHash !== '',
    lastSeenAt: user.lastSeenAt?.toISOString() ?? null,
  }
}
