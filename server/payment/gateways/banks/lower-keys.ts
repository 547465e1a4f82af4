/**
 * The same with every key in lower case, all the way down: one method of a bank writes OrderStatus, the next
 * orderStatus, and who knows what the next version writes.
 */
export function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lowerKeys(inner)]),
  )
}
