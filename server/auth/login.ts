import { z } from 'zod'
import { type User, Users } from '../../models/user.ts'
import {
  AppError,
  type Call,
  createRateLimits,
  networkOf,
  noRateLimits,
  type Route,
  route,
} from '../http/index.ts'
import { settings } from '../settings.ts'
import { checkPassword } from './password.ts'
import { roleOf } from './role.ts'
import { findStaff, logOut, openStaffSession } from './sessions.ts'

/** Tries a minute at one account from one network: whoever guesses there keeps nobody out who is elsewhere. */
const TRIES = 10
/** Tries a minute at one account from all networks together: who rents many guesses no faster. */
const ALL_TRIES = 200
const accounts = createRateLimits()

// Seed 3 sends more than it documents now and then: extras are accepted and never trusted.
const Login = z.object({
  username: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(200),
})

/** The routes of seed 3's `auth`, with its bodies and its errors. */
export const loginRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/api/auth/login',
    access: 'anyone',
    summary: 'Log in; the session comes as the cookie sessionId, always a new one',
    body: z.unknown(),
    limit: 8 * 1024,
    rate: 60,
    plainErrors: true,
    async handler(call) {
      const input = Login.safeParse(call.body)
      if (!input.success) throw new AppError('auth.missing', 'Username and password should be provided')
      const user = await logIn(call, input.data)
      await openStaffSession(call, user)
      return person(user)
    },
  }),
  route({
    method: 'GET',
    path: '/api/auth/logout',
    access: 'anyone',
    summary: 'Log out; the cookie sessionId comes back empty',
    plainErrors: true,
    async handler(call) {
      if (isOnPurpose(call)) await logOut(call)
      return {}
    },
  }),
  route({
    method: 'GET',
    path: '/api/auth/auth',
    access: 'anyone',
    summary: 'Who is logged in; 401 without a body for nobody',
    plainErrors: true,
    async handler({ headers, response }) {
      const caller = await findStaff(headers)
      const user = caller && (await Users.findById(caller.staffId).lean())
      if (user) return person(user)
      response.status(401).end()
    },
  }),
]

async function logIn({ ip }: { ip: string }, { username, password }: z.output<typeof Login>): Promise<User> {
  const name = username.toLowerCase()
  const limits = settings().rateLimits ? accounts : noRateLimits
  limits.take('login from', `${networkOf(ip)} ${name}`, TRIES)
  limits.take('login', name, ALL_TRIES)
  const user = await Users.findOne({ $or: [{ username: name }, { email: name }] }).lean()
  const right = await checkPassword(password, user?.passwordHash ?? '')
  if (!user || !right || !user.active || !roleOf(user) || (user.demo && !settings().sandbox)) {
    // The same words whether the name or the password is wrong: nobody learns which names exist.
    throw new AppError(
      'auth.wrong',
      'The username or the password is wrong. Try again, or reset the password.',
      {
        status: 401,
      },
    )
  }
  return user
}

/** Seed 3's person. Its model has `fistName` once; the right spelling goes out. */
function person(user: User) {
  const { username, firstName, lastName, email, phone } = user
  return { username, firstName, lastName, email, phone, role: roleOf(user) }
}

/** A browser that fetches links ahead, a HEAD request or another site's page logs nobody out. */
function isOnPurpose({ request, headers }: Call<unknown, unknown, unknown>): boolean {
  const purpose = `${headers['sec-purpose'] ?? ''} ${headers['purpose'] ?? ''} ${headers['x-moz'] ?? ''}`
  return (
    request.method === 'GET' &&
    !/prefetch|preview/i.test(purpose) &&
    headers['sec-fetch-site'] !== 'cross-site'
  )
}
