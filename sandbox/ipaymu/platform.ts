import { randomBytes, randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { createJournal } from '../banks/journal.ts'
import type { SandboxContext } from '../context.ts'
import { type Callbacks, createCallbacks } from './callbacks.ts'
import { channelOf, lifeOf, newPaymentNo, qrisText } from './channels.ts'
import { bad } from './errors.ts'
import { checkAmount, type NewDirect, type NewSession, needBuyer } from './input.ts'
import { platform } from './knobs.ts'
import { paidStatuses, type SessionRecord, type Status, statuses, type TransactionRecord } from './records.ts'

export interface Account {
  va: string
  apiKey: string
}

/** The account behind the API: what it holds, and every change with the callback that tells of it. */
export interface Platform {
  account: Account
  callbacks: Callbacks
  now(): number
  url(): string
  sessions(): SessionRecord[]
  transactions(): TransactionRecord[]
  session(id: string): SessionRecord | undefined
  transaction(id: string): TransactionRecord
  newSession(input: z.output<typeof NewSession>): SessionRecord
  newDirect(input: z.output<typeof NewDirect>): TransactionRecord
  /** The customer chooses on the hosted page; every choice makes a transaction of its own. */
  choose(session: SessionRecord, via: string, channel: string): TransactionRecord
  pay(transaction: TransactionRecord): void
  /** Ends one that waits: declined, cancelled, in error. */
  end(transaction: TransactionRecord, status: Status): void
  /** By hand in the dashboard: settled, released from escrow, or given back. */
  settle(transaction: TransactionRecord): void
  refund(transaction: TransactionRecord): void
  /** The answer that tells how to pay went out whole. */
  tell(record: SessionRecord | TransactionRecord): void
  /** Expires whatever has run out by now. */
  sweep(): void
}

const HOUR = 3600_000
const units = { seconds: 1000, minutes: 60_000, hours: HOUR, days: 24 * HOUR }

export function createPlatform(
  account: Account,
  context: SandboxContext,
  { retryDelays }: { retryDelays: number[] },
): Platform {
  const { faults, clock, dataDir } = context
  const file = (name: string) => (dataDir ? `${dataDir}/ipaymu-${name}.jsonl` : undefined)
  const sessions = createJournal<SessionRecord>(file('sessions'))
  const transactions = createJournal<TransactionRecord>(file('transactions'))
  const url = () => `${context.url()}/ipaymu`
  const now = () => clock.now()
  const callbacks = createCallbacks(context, { va: account.va, retryDelays, url })
  // Begun where no other start of this world has begun, so that no number comes twice.
  let lastId = Math.max(Math.floor(Date.now() / 1000), ...transactions.all().map(({ id }) => Number(id)))
  // Only what waits can run out, so the sweep does not walk over all that there ever was.
  const open = new Set(transactions.all().filter(({ status }) => status === statuses.PENDING))

  function save(transaction: TransactionRecord): void {
    if (transaction.status === statuses.PENDING) open.add(transaction)
    else open.delete(transaction)
    transactions.save(transaction)
    callbacks.announce(transaction)
  }

  function begin(
    from: Pick<
      TransactionRecord,
      'session' | 'hosted' | 'reference' | 'product' | 'amount' | 'feeDirection'
    > &
      Pick<TransactionRecord, 'buyer' | 'notifyUrl' | 'told'>,
    { via, channel, life }: { via: string; channel: string; life: number },
  ): TransactionRecord {
    lastId += 1
    const id = String(lastId)
    const transaction: TransactionRecord = {
      ...from,
      id,
      fee: via === 'qris' ? Math.ceil(from.amount * 0.007) : 4000,
      via,
      channel,
      paymentNo: newPaymentNo(via),
      qr: via === 'qris' ? qrisText(from.amount, id) : null,
      status: statuses.PENDING,
      createdAt: now(),
      expiresAt: now() + life,
      paidAt: null,
      settledAt: null,
    }
    save(transaction)
    return transaction
  }

  return {
    account,
    callbacks,
    now,
    url,
    sessions: () => sessions.all(),
    transactions: () => transactions.all(),
    session: (id) => sessions.get(id),
    transaction(id) {
      const transaction = transactions.get(id)
      if (!transaction) throw bad('Transaksi tidak ditemukan.')
      return transaction
    },
    newSession(input) {
      const { product, qty, price } = input
      if (product.length !== qty.length || qty.length !== price.length) {
        throw bad('Isian product, qty, price harus sama panjang.')
      }
      const amount = checkAmount(price.reduce((sum, each, index) => sum + each * (qty[index] ?? 0), 0))
      if (input.paymentMethod) needBuyer(input.buyerName, input.buyerEmail, input.buyerPhone)
      const session: SessionRecord = {
        id: randomUUID().toUpperCase(),
        reference: input.referenceId ?? null,
        product: product.join(', '),
        amount,
        feeDirection: input.feeDirection,
        buyer: {
          name: input.buyerName ?? null,
          email: input.buyerEmail ?? null,
          phone: input.buyerPhone ?? null,
        },
        returnUrl: input.returnUrl,
        cancelUrl: input.cancelUrl,
        notifyUrl: input.notifyUrl,
        createdAt: now(),
        expiresAt: now() + (input.expired ?? 24) * HOUR,
        told: false,
      }
      sessions.save(session)
      return session
    },
    newDirect(input) {
      const { paymentMethod: via, paymentChannel: channel, name, email, phone } = input
      needBuyer(name, email, phone)
      channelOf(via, channel)
      const amount = checkAmount(input.amount)
      const wanted = input.expired === undefined ? undefined : input.expired * units[input.expiredType]
      return begin(
        {
          session: randomBytes(16).toString('hex').toUpperCase(),
          hosted: false,
          reference: input.referenceId,
          product: input.comments ?? '',
          amount,
          feeDirection: input.feeDirection,
          buyer: { name: name ?? null, email: email ?? null, phone: phone ?? null },
          notifyUrl: input.notifyUrl,
          told: false,
        },
        { via, channel, life: lifeOf(via, channel, wanted) },
      )
    },
    choose(session, via, channel) {
      if (session.expiresAt <= now()) throw bad('Sesi pembayaran sudah kedaluwarsa.')
      const { id, reference, product, amount, feeDirection, buyer, notifyUrl } = session
      const from = { session: id, hosted: true, reference, product, amount, feeDirection, buyer, notifyUrl }
      return begin({ ...from, told: true }, { via, channel, life: lifeOf(via, channel, undefined) })
    },
    pay(transaction) {
      const late =
        transaction.status === statuses.EXPIRED && faults.take<boolean>(platform, 'acceptLatePayment')
      if (transaction.status !== statuses.PENDING && !late) throw bad('Transaksi tidak dapat dibayar.')
      const as = faults.take<'paid' | 'unsettled' | 'escrow'>(platform, 'paidAs')
      transaction.status = { paid: statuses.PAID, unsettled: statuses.UNSETTLED, escrow: statuses.ESCROW }[as]
      transaction.paidAt = now()
      transaction.settledAt = as === 'paid' ? now() : null
      save(transaction)
    },
    end(transaction, status) {
      if (transaction.status !== statuses.PENDING) throw bad('Transaksi sudah selesai.')
      transaction.status = status
      save(transaction)
    },
    settle(transaction) {
      if (!paidStatuses.includes(transaction.status)) throw bad('Transaksi belum dibayar.')
      transaction.status = statuses.PAID
      transaction.settledAt = now()
      save(transaction)
    },
    refund(transaction) {
      if (!paidStatuses.includes(transaction.status)) throw bad('Transaksi belum dibayar.')
      transaction.status = statuses.REFUNDED
      save(transaction)
    },
    tell(record) {
      record.told = true
      if ('via' in record) transactions.save(record)
      else sessions.save(record)
    },
    sweep() {
      for (const transaction of open) {
        if (transaction.expiresAt > now()) continue
        transaction.status = statuses.EXPIRED
        save(transaction)
      }
    },
  }
}
