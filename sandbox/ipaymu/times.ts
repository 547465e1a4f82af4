const AHEAD = 7 * 3600_000

/** `2026-11-21 17:30:00` in WIB, as the platform writes a time; `-` for one that has not come. */
export const timeText = (at: number | null): string =>
  at === null ? '-' : new Date(at + AHEAD).toISOString().slice(0, 19).replace('T', ' ')

/** RFC 3339 with the offset, as the header of a callback has it. */
export const offsetText = (at: number): string => `${new Date(at + AHEAD).toISOString().slice(0, 19)}+07:00`

export const dayText = (at: number): string => timeText(at).slice(0, 10)
