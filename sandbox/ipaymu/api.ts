import express, { type Request, type Response, type Router } from 'express'
import { isSame } from '../basic-auth.ts'
import type { Faults } from '../faults.ts'
import { lastWord } from '../last-word.ts'
import { troubleOf } from '../trouble.ts'
import { directBody, sessionBody, transactionBody } from './bodies.ts'
import { channels } from './channels.ts'
import { bad, envelope, Refusal, unauthorized } from './errors.ts'
import { Account, History, NewDirect, NewSession, OneTransaction, read } from './input.ts'
import { platform as name, type Operation } from './knobs.ts'
import type { Platform } from './platform.ts'
import type { TransactionRecord } from './records.ts'
import { isSigned } from './signing.ts'
import { dayText } from './times.ts'

interface Done {
  data: unknown
  /** Called when the answer went out whole. */
  told?(): void
}

interface Endpoint {
  path: string
  operation: Operation
  work(body: unknown): Done
}

/** The API proper, at the platform's own paths: everything is a signed POST. */
export function api(platform: Platform, faults: Faults): Router {
  const router = express.Router()
  router.use(express.raw({ type: () => true, limit: '256kb' }))
  for (const endpoint of endpoints(platform, faults)) serve(router, endpoint, platform, faults)
  router.use((request: Request) => {
    throw new Refusal(404, `${request.method} ${request.path} not found`)
  })
  router.use(refuse)
  return router
}

function endpoints(platform: Platform, faults: Faults): Endpoint[] {
  const shown = (transaction: TransactionRecord) => transactionBody(transaction, faults)
  return [
    {
      path: '/payment',
      operation: 'payments',
      work(body) {
        const session = platform.newSession(read(NewSession, body))
        return { data: sessionBody(session, platform.url()), told: () => platform.tell(session) }
      },
    },
    {
      path: '/payment/direct',
      operation: 'payments',
      work(body) {
        const transaction = platform.newDirect(read(NewDirect, body))
        return { data: directBody(transaction, platform.url()), told: () => platform.tell(transaction) }
      },
    },
    {
      path: '/transaction',
      operation: 'reads',
      work(body) {
        const asked = platform.transaction(String(read(OneTransaction, body).transactionId))
        if (!faults.take<boolean>(name, 'otherTransaction')) return { data: shown(asked) }
        const other = platform.transactions().find((one) => one !== asked)
        return { data: { ...shown(other ?? asked), ...(!other && { TransactionId: Number(asked.id) + 1 }) } }
      },
    },
    {
      path: '/history',
      operation: 'reads',
      work: (body) => ({ data: history(platform, read(History, body), { shown, faults }) }),
    },
    {
      path: '/balance',
      operation: 'balance',
      work(body) {
        const { account } = read(Account, body)
        if (account !== platform.account.va) throw bad('Account tidak ditemukan.')
        return { data: { Va: account, MerchantBalance: '51125', MemberBalance: '0' } }
      },
    },
    {
      path: '/payment-channels',
      operation: 'reads',
      work: () => ({
        data: Object.entries(channels).map(([Code, of]) => ({
          Code,
          Channels: Object.entries(of).map(([channel, { name: Name }]) => ({ Code: channel, Name })),
        })),
      }),
    },
  ]
}

function history(
  platform: Platform,
  query: ReturnType<typeof History.parse>,
  { shown, faults }: { shown(transaction: TransactionRecord): unknown; faults: Faults },
) {
  const { startdate = '0000-00-00', enddate = '9999-99-99', page, limit, order, status } = query
  const all = platform.transactions().filter(({ createdAt, paidAt, ...one }) => {
    const at = query.date === 'indate' ? paidAt : createdAt
    if (at === null || (status !== undefined && one.status !== status)) return false
    return dayText(at) >= startdate && dayText(at) <= enddate
  })
  if (order === 'DESC') all.reverse()
  return {
    Total: all.length,
    Per_Page: limit,
    Current_Page: page,
    Total_Page: Math.max(1, Math.ceil(all.length / limit)),
    [faults.get<string>(name, 'historyShape')]: all.slice((page - 1) * limit, page * limit).map(shown),
  }
}

/** Puts an endpoint on the router, behind the signature and in front of every fault that the knobs know. */
function serve(
  router: Router,
  { path, operation, work }: Endpoint,
  platform: Platform,
  faults: Faults,
): void {
  router.post(path, async (request: Request, response: Response) => {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    checkSignature(request, bytes, platform)
    const trouble = troubleOf(faults, name, operation)
    await trouble.latency()
    if (trouble.strikes('rateLimited')) throw new Refusal(429, 'Too Many Requests')
    if (trouble.before(response)) return

    platform.sweep()
    const { data, told } = work(parse(bytes))
    await platform.callbacks.releaseBeforeAnswer()

    const body = envelope(200, 'success', data)
    if (trouble.after(request, response, () => JSON.stringify(body))) return
    told?.()
    response.set({ 'X-RateLimit-Limit': '100', 'X-RateLimit-Remaining': '99' })
    response.json(body)
  })
}

function checkSignature(request: Request, bytes: Buffer, { account }: Platform): void {
  if (!/^application\/json/i.test(request.get('content-type') ?? ''))
    throw bad('Content-Type harus application/json.')
  const known = isSame(request.get('va') ?? '', account.va)
  if (!known || !isSigned(request.get('signature'), bytes, account)) throw unauthorized()
  if (!/^\d{14}$/.test(request.get('timestamp') ?? '')) throw bad('Format timestamp tidak valid.')
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw bad('Format JSON tidak valid.')
  }
}

/** The last word of the API: the envelope repeats the status. */
const refuse = lastWord(Refusal, {
  answer: (response, { status, message }) => void response.status(status).json(envelope(status, message)),
  unreadable: (status) => new Refusal(status, 'Bad Request'),
})
