export interface Spread {
  p50: number
  p95: number
  p99: number
}

/** The middle, and what one in twenty and one in a hundred exceeds. */
export function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** A figure as people read it: 1756, 35.6, 2.14. */
export const show = (value: number): string => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)

export const showSpread = ({ p50, p95, p99 }: Spread): string[] => [p50, p95, p99].map(show)

/** Prints rows in columns; numbers to the right. */
export function printTable(head: string[], rows: string[][]): void {
  const table = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)))
  for (const row of table) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    console.log(`  ${cells.join('   ')}`)
  }
  console.log()
}

/** `16.2 ms (at most 20): kept`. A figure is judged here, in words; never by a test. */
export function judge(
  what: string,
  value: number,
  unit: string,
  limit: { most?: number; least?: number },
): void {
  const { most, least } = limit
  const kept = (most === undefined || value <= most) && (least === undefined || value >= least)
  const wish = most === undefined ? `at least ${least}` : `at most ${most}`
  console.log(`  ${kept ? 'kept  ' : 'MISSED'}  ${what}: ${show(value)} ${unit}, wanted ${wish}`)
}
