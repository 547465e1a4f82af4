import { Refused, TryLater, Unanswered } from '../../channel.ts'

/** What the Graph API said no with. `code` 0: the answer was not of its making. */
export class GraphRefusal extends Error {
  readonly status: number
  readonly code: number
  readonly subcode: number
  readonly transient: boolean
  /** Seconds until calls are welcome again, where Meta says so. */
  readonly waitSeconds: number | null

  constructor(about: {
    status: number
    message: string
    code?: number
    subcode?: number
    transient?: boolean
    waitSeconds?: number | null
  }) {
    super(about.message)
    this.status = about.status
    this.code = about.code ?? 0
    this.subcode = about.subcode ?? 0
    this.transient = about.transient ?? false
    this.waitSeconds = about.waitSeconds ?? null
  }
}

/** Reads `{ error: { message, code, error_subcode, is_transient } }`, and how busy the page is. */
export function readRefusal(response: Response, body: string): GraphRefusal {
  const { status, headers } = response
  try {
    const { error } = JSON.parse(body) as {
      error: { message?: string; code?: number; error_subcode?: number; is_transient?: boolean }
    }
    return new GraphRefusal({
      status,
      message: error.message ?? 'no reason given',
      code: Number(error.code) || 0,
      subcode: Number(error.error_subcode) || 0,
      transient: error.is_transient === true,
      waitSeconds: waitOf(headers.get('x-business-use-case-usage')),
    })
  } catch {
    return new GraphRefusal({ status, message: body.slice(0, 200) || 'no reason given' })
  }
}

/** `{"<page>":[{"estimated_time_to_regain_access": minutes}]}` */
function waitOf(usage: string | null): number | null {
  try {
    const rows = Object.values(
      JSON.parse(usage ?? '') as Record<string, { estimated_time_to_regain_access?: number }[]>,
    )
    const minutes = Math.max(...rows.flat().map((row) => Number(row.estimated_time_to_regain_access) || 0))
    return minutes > 0 ? minutes * 60 : null
  } catch {
    return null
  }
}

type Row = [code: number, subcode: number | null, reason: Refused['reason']]

/** What is final, and what it means. The first row that fits counts. */
const table: Row[] = [
  [10, 2018278, 'window'],
  [10, 2018065, 'window'],
  [10, 2534022, 'window'],
  [10, 2018108, 'blocked'],
  [551, null, 'blocked'],
  [200, 1545041, 'blocked'],
  [10, 1893063, 'restricted'],
  [10, 2018300, 'elsewhere'],
  [190, null, 'token'],
  [104, null, 'token'],
  [10, null, 'token'],
  [200, null, 'token'],
  [230, null, 'token'],
  [100, 2018001, 'other'],
  [100, null, 'invalid'],
]
const busy = [4, 613, 32, 80004, 80006]
const transient = [1, 2, 1200]

const busyMs = 5000
const transientMs = 3000

/** What a failed send means for the message. There is no idempotency key: silence is "perhaps". */
export function explain(error: unknown): Error {
  if (error instanceof GraphRefusal) return explainRefusal(error)
  const message = error instanceof Error ? error.message : String(error)
  if (neverLeft(error)) return new TryLater(transientMs, `Messenger could not be reached: ${message}`)
  return new Unanswered(`Messenger did not say whether the message arrived: ${message}`)
}

function explainRefusal(refusal: GraphRefusal): Error {
  const { status, code, subcode, message } = refusal
  if (isBusy(refusal)) {
    return new TryLater(refusal.waitSeconds ? refusal.waitSeconds * 1000 : busyMs, message)
  }
  const row = table.find(([known, detail]) => known === code && (detail === null || detail === subcode))
  if (row) return new Refused(row[2], message)
  // Their server failed somewhere on the way: before the message was taken, or after.
  if (status >= 500 || code === 0) return new Unanswered(`Messenger answered ${status}: ${message}`)
  if (transient.includes(code) || refusal.transient) return new TryLater(transientMs, message)
  return new Refused('other', message)
}

/** Too many calls: of this page, or of the app. */
export const isBusy = (error: unknown): boolean =>
  error instanceof GraphRefusal && (busy.includes(error.code) || error.status === 429)

const beforeSending = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/** No connection was made, so nothing can have arrived. */
function neverLeft(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined
  return cause?.code !== undefined && beforeSending.has(cause.code)
}
