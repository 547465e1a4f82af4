import type { Faults } from '../faults.ts'
import { channelOf } from './channels.ts'
import { platform } from './knobs.ts'
import { paidStatuses, type SessionRecord, type Status, type TransactionRecord, words } from './records.ts'
import { timeText } from './times.ts'

type Json = Record<string, unknown>

export const sessionBody = (session: SessionRecord, url: string): Json => ({
  SessionID: session.id,
  Url: `${url}/pay/${session.id}`,
})

/** What the answer to a direct payment says: the one place where the code is told. */
export function directBody(transaction: TransactionRecord, url: string): Json {
  const { id, via, channel, amount, fee, paymentNo, qr } = transaction
  return {
    SessionId: transaction.session,
    TransactionId: Number(id),
    ReferenceId: transaction.reference,
    Via: via.toUpperCase(),
    Channel: channel.toUpperCase(),
    PaymentNo: via === 'qris' ? qr : paymentNo,
    PaymentName: 'PARLEY SAMPLE SHOP',
    SubTotal: amount,
    Total: totalOf(transaction),
    Fee: fee,
    FeeDirection: transaction.feeDirection,
    Expired: timeText(transaction.expiresAt),
    Note: null,
    Url: `${url}/code/${id}`,
    ...(qr && { QrString: qr, QrImage: `${url}/qr/${id}`, QrTemplate: `${url}/qr/${id}` }),
  }
}

const totalOf = ({ amount, fee, feeDirection }: TransactionRecord): number =>
  feeDirection === 'BUYER' ? amount + fee : amount

/** A transaction as reads show it, distorted as the knobs have it. */
export function transactionBody(transaction: TransactionRecord, faults: Faults): Json {
  const { status } = transaction
  const knob = <T extends boolean | number | string>(name: string) => faults.get<T>(platform, name)
  const { type, typeName, name } = channelOf(transaction.via, transaction.channel)
  const off = knob<number>('amountOffBy')
  const amount = off ? (transaction.amount + off).toFixed(2) : transaction.amount
  const shown = knob<string>('statusShown') === '' ? status : Number(knob<string>('statusShown'))
  const body: Json = {
    TransactionId: Number(transaction.id),
    SessionId: transaction.session,
    ReferenceId: knob<boolean>('forgetsReference') ? null : transaction.reference,
    RelatedId: 0,
    Sender: transaction.buyer.name ?? 'System',
    Receiver: 'Parley sample shop',
    Amount: amount,
    Fee: transaction.fee,
    Status: shown,
    StatusDesc: shown === status ? words[status].desc : 'Lainnya',
    PaidStatus: paidStatuses.includes(status) ? 'paid' : 'unpaid',
    IsLocked: false,
    Type: type,
    TypeDesc: typeName,
    Notes: name,
    CreatedDate: timeText(transaction.createdAt),
    SuccessDate: timeText(transaction.paidAt),
    ExpiredDate: timeText(transaction.expiresAt),
    SettlementDate: timeText(transaction.settledAt),
  }
  if (!knob<boolean>('numbersAsStrings')) return body
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, typeof value === 'number' ? String(value) : value]),
  )
}

/** A callback's fields as they are signed: numbers and flags still what they are. */
export function callbackFields(
  transaction: TransactionRecord,
  { sandbox, url, va }: { sandbox: boolean; url: string; va: string },
): Json {
  const { id, session, reference, status, via, channel, amount, fee, buyer } = transaction
  const paid = paidStatuses.includes(status)
  return {
    trx_id: Number(id),
    sid: session,
    reference_id: reference ?? '',
    referenceId: reference ?? '',
    status: words[status].told,
    // It does not tell the three paid codes apart; the other one does.
    status_code: paid ? 1 : status,
    status_desc: words[status].desc,
    transaction_status_code: status,
    via,
    channel,
    payment_no: transaction.paymentNo,
    ...(via === 'va' && { va: transaction.paymentNo }),
    amount: String(amount),
    sub_total: String(amount),
    total: String(totalOf(transaction)),
    fee: String(fee),
    paid_off: amount - fee,
    created_at: timeText(transaction.createdAt),
    expired_at: timeText(transaction.expiresAt),
    paid_at: transaction.paidAt === null ? '' : timeText(transaction.paidAt),
    settlement_status: status === 1 ? 'settled' : 'unsettle',
    settlement_date: transaction.settledAt === null ? '' : timeText(transaction.settledAt),
    is_escrow: status === 7,
    is_refund: status === 3 ? '1' : '0',
    is_sandbox: String(sandbox),
    buyer_name: buyer.name ?? '',
    buyer_email: buyer.email ?? '',
    buyer_phone: buyer.phone ?? '',
    product: transaction.product,
    quantity: '1',
    merchant: va,
    merchant_name: 'Parley sample shop',
    system_notes: words[status].desc,
    trscode: `TRX${id}`,
    unique_code: '0',
    expired_time: String(Math.round((transaction.expiresAt - transaction.createdAt) / 1000)),
    expired_unix: String(Math.round(transaction.expiresAt / 1000)),
    additional_info: [],
    url: `${url}/code/${id}`,
  }
}

/** All that callbacks had in former years. */
export const oldFields = ({ id, session, reference, status, via }: TransactionRecord): Json => ({
  trx_id: Number(id),
  sid: session,
  reference_id: reference ?? '',
  status: words[status].told,
  status_code: paidStatuses.includes(status) ? 1 : status,
  via,
})

/** What the browser brings back to the shop. Anybody can write it. */
export function returnAddress(
  address: string,
  session: SessionRecord,
  transaction: TransactionRecord,
): string {
  const url = new URL(address)
  const { id, status, via, channel } = transaction
  const told: Record<string, string> = {
    return: 'true',
    sid: session.id,
    trx_id: id,
    status: words[status as Status].told,
    tipe: via,
    payment_method: via,
    payment_channel: channel,
  }
  for (const [name, value] of Object.entries(told)) url.searchParams.set(name, value)
  return url.href
}
