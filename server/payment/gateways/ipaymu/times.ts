/** The platform writes western Indonesian time (WIB, UTC+7 the whole year) and never says so. */
const AHEAD = 7 * 3600_000

const inWib = (at: Date): string => new Date(at.getTime() + AHEAD).toISOString()

/** `YYYYMMDDHHmmss`, as the header `timestamp` wants it. */
export const stampOf = (at: Date): string => inWib(at).slice(0, 19).replace(/\D/g, '')

/** `YYYY-MM-DD`, as the history is asked. */
export const dayOf = (at: Date): string => inWib(at).slice(0, 10)

/** Reads `2026-11-21 17:30:00`; undefined for `-`, nothing and nonsense, all of which stand for "not yet". */
export function readTime(text: string | null | undefined): Date | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/.exec(text ?? '')
  const at = new Date(`${match?.[1]}T${match?.[2]}Z`).getTime() - AHEAD
  return Number.isNaN(at) ? undefined : new Date(at)
}
