import { Types } from 'mongoose'
import { type User, Users } from '../../models/user.ts'
import { isDuplicate } from '../database/index.ts'
import type { Settings } from '../settings.ts'
import { linkAddress, newLink } from './links.ts'
import { hashPassword } from './password.ts'
import { closeSessionsOf } from './sessions.ts'

/** How the first person gets in: what the start prints. */
export type FirstLogin =
  | { kind: 'demo'; username: string; password: string }
  | { kind: 'link'; url: string }
  | { kind: 'known' }

const demo = { username: 'admin', password: 'parley-demo' }

/**
 * Makes sure that somebody can log in. The sandbox has a login that everybody knows; it is closed outside it. A real
 * shop's first admin comes from ADMIN_USERNAME and ADMIN_PASSWORD, or chooses a password by a link that is printed
 * once at each start until it has been used.
 */
export async function ensureAdmin(settings: Settings): Promise<FirstLogin> {
  if (!settings.sandbox) await closeDemo()
  if (settings.admin) {
    await put(settings.admin)
    return { kind: 'known' }
  }
  if (settings.sandbox) {
    await put({ ...demo, demo: true })
    return { kind: 'demo', ...demo }
  }
  const somebody = await Users.exists({
    roles: 'admin',
    active: true,
    passwordHash: { $ne: '' },
    demo: false,
  })
  if (somebody) return { kind: 'known' }

  const { link, token } = newLink('join')
  const found = await Users.findOneAndUpdate(
    { username: 'owner', passwordHash: '' },
    { $set: { link } },
  ).lean()
  if (!found) await create({ username: 'owner', email: 'owner@localhost', link })
  return { kind: 'link', url: linkAddress('join', token) }
}

/**
 * A one-time link with which somebody chooses a new password, for whoever may use the machine itself: when the last
 * admin has forgotten theirs and no mail goes out. Null for a name that nobody has.
 */
export async function recoveryLink(username: string): Promise<string | null> {
  const name = username.toLowerCase()
  const user = await Users.findOne({ $or: [{ username: name }, { email: name }] }).lean()
  if (!user) return null
  const purpose = user.passwordHash ? 'reset' : 'join'
  const { link, token } = newLink(purpose)
  await Users.updateOne({ _id: user._id }, { $set: { link, active: true } })
  return linkAddress(purpose, token)
}

/**
 * A login that is to exist, with this password. One that exists keeps the password that its owner has chosen, unless
 * it was the demo's and now becomes a real one.
 */
async function put(wanted: { username: string; password: string; demo?: boolean }): Promise<void> {
  const username = wanted.username.toLowerCase()
  const demo = wanted.demo ?? false
  const found = await Users.findOne({ username }).lean()
  if (found && (demo || !found.demo)) return
  const passwordHash = await hashPassword(wanted.password)
  if (found) {
    await Users.updateOne(
      { _id: found._id },
      { $set: { passwordHash, demo, roles: ['admin'], active: true } },
    )
    return
  }
  const email = username.includes('@') ? username : `${username}@localhost`
  await create({ username, email, passwordHash, demo })
}

/** The demo login's password is printed for everybody to see: outside the sandbox it opens nothing. */
async function closeDemo(): Promise<void> {
  const found = await Users.find({ demo: true }, { _id: 1 }).lean()
  for (const { _id } of found) await closeSessionsOf(_id)
}

async function create(user: Pick<User, 'username' | 'email'> & Partial<User>): Promise<void> {
  await Users.create({
    _id: new Types.ObjectId(),
    firstName: 'Admin',
    roles: ['admin'],
    createdAt: new Date(),
    ...user,
  }).catch((error: unknown) => {
    // Another process of the same shop started at the same moment.
    if (!isDuplicate(error)) throw error
  })
}
