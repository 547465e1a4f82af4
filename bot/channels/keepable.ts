/** Deeper than anything a platform sends, and well within what the database takes. */
const deepest = 16
/** The last moment that a Date can name, milliseconds. */
const latest = 8.64e15
/** Names that the database, or JavaScript, reads as more than a name. */
const readAsMore = ['__proto__', '_bsontype']

/**
 * Somebody's JSON as the database can store it: nested no deeper than this, and without names that it refuses. A body
 * is signed, yet what lies in it may have any shape, and one event may not spoil those that are stored with it.
 */
export function keepable(value: unknown, depth = deepest): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return null
  if (Array.isArray(value)) return value.map((one) => keepable(one, depth - 1))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.includes('\0') && !readAsMore.includes(key))
      .map(([key, one]) => [key, keepable(one, depth - 1)]),
  )
}

/** When it happened, milliseconds; now, where the platform says nothing that could be a time. */
export const timeOf = (value: unknown): number =>
  typeof value === 'number' && value > 0 && value <= latest ? Math.trunc(value) : Date.now()
