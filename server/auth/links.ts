import { type OneTimeLink, type User, Users } from '../../models/user.ts'
import { AppError } from '../http/index.ts'
import { sendMail } from '../notification/index.ts'
import { settings } from '../settings.ts'
import { shopSettings } from '../shop/index.ts'
import { hashPassword } from './password.ts'
import { closeSessionsOf } from './sessions.ts'
import { hashToken, newToken } from './token.ts'

const HOUR = 3600_000
const DAY = 24 * HOUR
const life = { join: 7 * DAY, reset: HOUR }

/** A link that works once: `link` is stored with the user, `token` goes to them and nowhere else. */
export function newLink(purpose: OneTimeLink['purpose']): { link: OneTimeLink; token: string } {
  const token = newToken()
  return {
    token,
    link: { hash: hashToken(token), purpose, expiresAt: new Date(Date.now() + life[purpose]) },
  }
}

/** Where the person chooses a password. The token is behind the #, which browsers keep to themselves. */
export const linkAddress = (purpose: OneTimeLink['purpose'], token: string): string =>
  `${settings().publicUrl}/console/${purpose}#${token}`

/** Sends a user their one-time link by mail. */
export async function mailLink(user: User, token: string): Promise<void> {
  const purpose = user.link?.purpose ?? 'join'
  const { language } = await shopSettings()
  await sendMail({
    to: user.email,
    template: purpose === 'join' ? 'staff-invite' : 'staff-reset',
    language,
    data: {
      name: user.firstName || user.username,
      username: user.username,
      url: linkAddress(purpose, token),
      days: life[purpose] / DAY,
      hours: life[purpose] / HOUR,
    },
  })
}

/** Mails a way to a new password, if the address belongs to somebody; nobody learns whether it does. */
export async function forgotPassword(email: string): Promise<void> {
  const { link, token } = newLink('reset')
  const user = await Users.findOneAndUpdate(
    { email: email.toLowerCase(), active: true, passwordHash: { $ne: '' } },
    { $set: { link } },
    { returnDocument: 'after' },
  ).lean()
  if (user) await mailLink(user, token)
}

/** Uses up a one-time link: sets the password and ends every session that the old one had opened. */
export async function redeem(
  purpose: OneTimeLink['purpose'],
  token: string,
  choice: { password: string; username?: string | undefined; firstName?: string; lastName?: string },
): Promise<User> {
  const { password, ...rest } = choice
  checkStrength(password)
  const filter = {
    'link.hash': hashToken(token),
    'link.purpose': purpose,
    'link.expiresAt': { $gt: new Date() },
    active: true,
  }
  if (!(await Users.exists(filter))) throw usedUp()
  const passwordHash = await hashPassword(password)
  // The link is part of the condition: of two browsers that send it at once, one is too late.
  const user = await Users.findOneAndUpdate(
    filter,
    { $set: { ...rest, passwordHash, link: null } },
    { returnDocument: 'after' },
  ).lean()
  if (!user) throw usedUp()
  await closeSessionsOf(user._id)
  return user
}

/** Refuses what is too easily guessed. */
export function checkStrength(password: string): void {
  if (password.length >= 10 && new Set(password).size >= 5) return
  throw new AppError('password.weak', 'Choose a password of at least 10 characters that are not all alike.')
}

const usedUp = () =>
  new AppError('link.used', 'This link has been used or is too old. Ask for a new one.', { status: 410 })
