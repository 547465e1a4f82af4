import type { Response } from 'express'

export type Cell = string | number | null

/**
 * One line of a table for spreadsheets. Text that a spreadsheet would take for a formula gets an apostrophe in front:
 * names and references come from outside.
 */
export const csvLine = (cells: Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const isAmount = /^-?\d+(\.\d+)?$/.test(cell)
  // Also after blanks, and in the wide forms of Japanese keyboards, which some spreadsheets read as the narrow ones.
  const safe = !isAmount && /^\s*[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Sends a table as a file, line by line: a day may have many. */
export async function sendCsv(
  response: Response,
  name: string,
  head: string[],
  rows: AsyncIterable<Cell[]>,
): Promise<void> {
  response.setHeader('Content-Type', 'text/csv; charset=utf-8')
  response.setHeader('Content-Disposition', `attachment; filename="${name}.csv"`)
  response.setHeader('Cache-Control', 'no-store')
  // The mark by which spreadsheets know that Thai is meant.
  response.write(`\uFEFF${csvLine(head)}`)
  for await (const cells of rows) {
    if (response.destroyed) return
    if (!response.write(csvLine(cells))) await drained(response)
  }
  response.end()
}

const drained = (response: Response): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
