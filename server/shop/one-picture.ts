import { AppError } from '../http/index.ts'

/** So many uploads may wait for their turn; more would wait longer than anybody does. */
const mostWaiting = 20
const comeBackSeconds = 10

let last: Promise<unknown> = Promise.resolve()
let waiting = 0

/**
 * Unpacks one picture after another: a photograph of 50 million pixels fills 200 MB while it is looked at, and some
 * that come at once would leave the shop neither memory nor threads.
 */
export async function onePicture<T>(work: () => Promise<T>): Promise<T> {
  waiting += 1
  const mine = last.then(work)
  last = mine.catch(() => undefined)
  try {
    return await mine
  } finally {
    waiting -= 1
  }
}

/** The same for what somebody sends: refused with 429 while too many wait. */
export function oneUpload<T>(work: () => Promise<T>): Promise<T> {
  if (waiting < mostWaiting) return onePicture(work)
  throw new AppError(
    'rate.limited',
    `Many pictures arrive now. Wait ${comeBackSeconds} seconds and try again.`,
    {
      status: 429,
      details: { retryAfter: comeBackSeconds },
    },
  )
}
