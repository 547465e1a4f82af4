import { DeliverySlots } from '../../models/delivery.ts'
import { addDays, dayIn, instantIn, weekdayOf } from '../../models/zone.ts'
import { isDuplicate, now } from '../database/index.ts'
import { log } from '../log.ts'
import { shopSettings } from '../shop/index.ts'

const daysAhead = 14
const everyMs = 10 * 60_000
let timer: NodeJS.Timeout | undefined
/** What was planned last: nothing is written while windows and day stay the same. */
let planned = ''

/** Keeps slots ready for the days ahead. */
export async function startDelivery(): Promise<void> {
  planned = ''
  await planSlots()
  timer = setInterval(() => {
    planSlots().catch((error: unknown) => log.warn({ error }, 'Slots were not planned: the next try is soon'))
  }, everyMs)
  timer.unref()
}

export async function stopDelivery(): Promise<void> {
  clearInterval(timer)
}

/**
 * Makes the slots of the coming two weeks out of the shop's weekly windows. Those that are there stay as they are, so
 * several processes may do it, and what staff changed by hand is kept.
 */
export async function planSlots(): Promise<void> {
  const { windows, zone } = await shopSettings()
  const today = dayIn(zone, now())
  const plan = JSON.stringify([windows, zone, today])
  if (plan === planned) return
  const days = Array.from({ length: daysAhead }, (_, ahead) => addDays(today, ahead))
  const writes = days.flatMap((date) =>
    windows
      .filter((window) => window.days.includes(weekdayOf(date)))
      .map(({ begin, end, capacity }) => ({
        updateOne: {
          filter: { date, begin: instantIn(zone, date, begin), zone: '' },
          update: { $setOnInsert: { end: instantIn(zone, date, end), capacity, taken: 0 } },
          upsert: true,
        },
      })),
  )
  try {
    if (writes.length) await DeliverySlots.collection.bulkWrite(writes, { ordered: false })
  } catch (error) {
    // Another process plans at this moment.
    if (!isDuplicate(error)) throw error
  }
  planned = plan
}
