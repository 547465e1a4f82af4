import mongoose from 'mongoose'

/*
 * There is one clock: the database's. Processes on machines whose clocks disagree, or jump, still agree on when a
 * hold ends. Between two readings time is counted by the monotonic clock, which no adjustment moves.
 */
const everyMs = 20_000
let reading = { at: Date.now(), counted: performance.now() }
let timer: NodeJS.Timeout | undefined

/** The database's time. */
export const now = (): Date => new Date(reading.at + (performance.now() - reading.counted))

/** The database's time, so many milliseconds from now. */
export const inMs = (ms: number): Date => new Date(now().getTime() + ms)

/** Reads the database's clock now, and again from time to time. */
export async function startClock(): Promise<void> {
  await read()
  clearInterval(timer)
  // A failed reading leaves the last one in force; the next comes soon.
  timer = setInterval(() => void read().catch(() => undefined), everyMs)
  timer.unref()
}

export function stopClock(): void {
  clearInterval(timer)
}

async function read(): Promise<void> {
  const asked = performance.now()
  const { localTime } = await mongoose.connection.getClient().db('admin').command({ hello: 1 })
  const answered = performance.now()
  reading = { at: (localTime as Date).getTime(), counted: (asked + answered) / 2 }
}
