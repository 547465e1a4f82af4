import type { IncomingHttpHeaders } from 'node:http'
import type { Request, Response } from 'express'
import { Types } from 'mongoose'
import { type Session, Sessions, type User, Users } from '../../models/user.ts'
import type { CustomerCaller, StaffCaller } from '../http/index.ts'
import { CUSTOMER_COOKIE, clearCookie, readCookie, STAFF_COOKIE, writeCookie } from './cookies.ts'
import { forget, recall, remember } from './remembered.ts'
import { roleOf } from './role.ts'
import { hashToken, newToken } from './token.ts'

const MINUTE = 60_000
const idle = { staff: 12 * 60 * MINUTE, customer: 30 * MINUTE }

type Headers = Pick<IncomingHttpHeaders, 'cookie'>
interface Exchange {
  request: Request
  response: Response
}

/** Who is logged in as staff in this browser: one indexed read, none without the cookie. */
export async function findStaff(headers: Headers): Promise<StaffCaller | null> {
  const session = await findSession(headers, STAFF_COOKIE, 'staff')
  if (!session?.user || !session.role) return null
  return {
    kind: 'staff',
    sessionId: String(session._id),
    staffId: String(session.user),
    name: session.name,
    role: session.role,
  }
}

/** Which customer has opened an order in this browser. `wanted` is what the request is about. */
export async function findCustomer(headers: Headers, wanted: Wanted = {}): Promise<CustomerCaller | null> {
  const token = readCookie(headers.cookie, CUSTOMER_COOKIE)
  const known = token ? recall(hashToken(token)) : null
  if (known && shows(known, wanted)) return asCustomer(known)
  const session = await findSession(headers, CUSTOMER_COOKIE, 'customer')
  if (!session?.customer) return null
  remember(session)
  return asCustomer(session)
}

/** What a request names in its address. */
interface Wanted {
  orderId?: string
  catalogueId?: string
}

const shows = ({ orders, catalogues = [] }: Session, { orderId, catalogueId }: Wanted): boolean =>
  (!orderId || orders.some((id) => String(id) === orderId)) &&
  (!catalogueId || catalogues.some((id) => String(id) === catalogueId))

/** Opens a staff member's session in this browser, always under a new id. */
export async function openStaffSession({ request, response }: Exchange, user: User): Promise<void> {
  await closeStaffSession(request.headers)
  const { token } = await insertSession({
    kind: 'staff',
    user: user._id,
    name: `${user.firstName} ${user.lastName}`.trim() || user.username,
    role: roleOf(user),
    customer: null,
    orders: [],
    catalogues: [],
    proven: true,
  })
  writeCookie(response, STAFF_COOKIE, token)
}

/**
 * Lets this browser see the orders of a customer. A session of the same customer is kept and learns the orders; one
 * that becomes `proven` gets a new id, so that nobody who knew the old one comes along.
 */
export async function openCustomerSession(
  exchange: Exchange,
  visit: { customerId: string; orderIds?: string[]; catalogueIds?: string[]; proven: boolean },
): Promise<CustomerCaller> {
  const { customerId, orderIds = [], catalogueIds = [], proven } = visit
  const { request, response } = exchange
  const present = await findCustomer(request.headers)
  const same = present?.customerId === customerId ? present : null
  const token = readCookie(request.headers.cookie, CUSTOMER_COOKIE)
  if (token) forget(hashToken(token))
  if (same && (same.proven || !proven)) {
    await addToSession(same, 'orders', same.orderIds, orderIds)
    await addToSession(same, 'catalogues', same.catalogueIds, catalogueIds)
    return same
  }
  const orders = [...new Set([...(same?.orderIds ?? []), ...orderIds])]
  const catalogues = [...new Set([...(same?.catalogueIds ?? []), ...catalogueIds])]
  if (same) await Sessions.deleteOne({ _id: same.sessionId })
  const customer = {
    kind: 'customer' as const,
    user: null,
    name: '',
    role: null,
    customer: new Types.ObjectId(customerId),
    orders: orders.map((id) => new Types.ObjectId(id)),
    catalogues: catalogues.map((id) => new Types.ObjectId(id)),
    proven,
  }
  const made = await insertSession(customer)
  writeCookie(response, CUSTOMER_COOKIE, made.token)
  // The rest of this same request may ask again who calls.
  request.headers.cookie = `${CUSTOMER_COOKIE}=${made.token}`
  remember(made.session)
  return asCustomer(made.session)
}

/** More that this browser may see. */
async function addToSession(
  caller: CustomerCaller,
  field: 'orders' | 'catalogues',
  known: string[],
  ids: string[],
): Promise<void> {
  const unknown = ids.filter((id) => !known.includes(id))
  if (!unknown.length) return
  const added = { $each: unknown.map((id) => new Types.ObjectId(id)) }
  await Sessions.updateOne({ _id: caller.sessionId }, { $addToSet: { [field]: added } })
  known.push(...unknown)
}

/** Logs out: the session is gone on the server too, and the cookie is emptied. */
export async function logOut({ request, response }: Exchange): Promise<void> {
  await closeStaffSession(request.headers)
  clearCookie(response, STAFF_COOKIE)
}

/** Ends every session of a staff member: a new password, a person who left. */
export async function closeSessionsOf(userId: Types.ObjectId): Promise<void> {
  await Sessions.deleteMany({ kind: 'staff', user: userId })
}

/** The browsers in which an order is open, for staff who wonder who can see it. */
export async function sessionsOfOrder(
  orderId: string,
): Promise<{ id: string; proven: boolean; createdAt: string; lastSeenAt: string }[]> {
  const found = await Sessions.find({
    kind: 'customer',
    orders: new Types.ObjectId(orderId),
    expiresAt: { $gt: new Date() },
  })
    .sort({ lastSeenAt: -1 })
    .limit(50)
    .lean()
  return found.map(({ _id, proven, createdAt, lastSeenAt }) => ({
    id: String(_id),
    proven,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  }))
}

function asCustomer(session: Session): CustomerCaller {
  return {
    kind: 'customer',
    sessionId: String(session._id),
    customerId: String(session.customer),
    orderIds: session.orders.map(String),
    // A session that was opened before there were catalogues has no list of them.
    catalogueIds: (session.catalogues ?? []).map(String),
    proven: session.proven,
  }
}

async function findSession(headers: Headers, cookie: string, kind: Session['kind']): Promise<Session | null> {
  const token = readCookie(headers.cookie, cookie)
  if (!token) return null
  const now = Date.now()
  const session = await Sessions.collection.findOne<Session>({
    hash: hashToken(token),
    kind,
    expiresAt: { $gt: new Date(now) },
  })
  if (session && now - session.lastSeenAt.getTime() > MINUTE) await touch(session, now)
  return session
}

/** Moves the end of a session that is in use, at most once a minute. */
async function touch(session: Session, now: number): Promise<void> {
  const lastSeenAt = new Date(now)
  await Sessions.updateOne(
    { _id: session._id },
    { $set: { lastSeenAt, expiresAt: new Date(now + idle[session.kind]) } },
  )
  if (session.user) await Users.updateOne({ _id: session.user }, { $set: { lastSeenAt } })
}

async function insertSession(
  who: Omit<Session, '_id' | 'hash' | 'createdAt' | 'lastSeenAt' | 'expiresAt'>,
): Promise<{ token: string; session: Session }> {
  const token = newToken()
  const now = new Date()
  const session = {
    ...who,
    _id: new Types.ObjectId(),
    hash: hashToken(token),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: new Date(now.getTime() + idle[who.kind]),
  }
  await Sessions.collection.insertOne(session)
  return { token, session }
}

async function closeStaffSession(headers: Headers): Promise<void> {
  const token = readCookie(headers.cookie, STAFF_COOKIE)
  if (token) await Sessions.deleteOne({ hash: hashToken(token), kind: 'staff' })
}
