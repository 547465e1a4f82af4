import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

type Row = { id: string }
type Shape = Record<string, Row>

export type Tables<Rows extends Shape> = { [Name in keyof Rows]: Map<string, Rows[Name]> } & {
  /** Puts a record in, or writes down that it has changed. */
  save(table: keyof Rows, record: Row): void
  clear(): void
}

interface Options<Rows extends Shape> {
  names: readonly (keyof Rows & string)[]
  /** Without one everything stays in memory. */
  file: string | undefined
  /** So many rows of a table are kept at the most: all of them would fill the memory of a long run. */
  most?: { [Name in keyof Rows]?: number }
}

/**
 * What a simulated platform knows, in the order of creation. With a file every change is also appended to it, so that
 * the "platform" still knows its payments after ours was killed, as the real one would.
 */
export function createTables<Rows extends Shape>({ names, file, most = {} }: Options<Rows>): Tables<Rows> {
  const maps = new Map<keyof Rows, Map<string, Row>>(names.map((name) => [name, new Map()]))
  const put = (table: keyof Rows, record: Row) => void maps.get(table)?.set(record.id, record)
  if (file) restore(file, put)
  if (file) writeWhole(file, maps)

  return {
    ...(Object.fromEntries(maps) as { [Name in keyof Rows]: Map<string, Rows[Name]> }),
    save(table: keyof Rows, record: Row) {
      put(table, record)
      forgetOldest(maps.get(table), most[table])
      if (file) appendFileSync(file, line(table, record))
    },
    clear() {
      for (const map of maps.values()) map.clear()
      if (file) writeFileSync(file, '')
    },
  } as Tables<Rows>
}

function forgetOldest(rows: Map<string, Row> | undefined, most = Number.POSITIVE_INFINITY): void {
  for (const id of rows?.keys() ?? []) {
    if ((rows?.size ?? 0) <= most) return
    rows?.delete(id)
  }
}

const line = (table: PropertyKey, record: Row): string => `${JSON.stringify([table, record])}\n`

function restore(file: string, put: (table: string, record: Row) => void): void {
  mkdirSync(dirname(file), { recursive: true })
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  for (const text of lines) {
    try {
      const [table, record] = JSON.parse(text) as [string, Row]
      put(table, record)
    } catch {
      // The last line of a killed process may be cut off: what it said was never answered.
    }
  }
}

/** Each record once, as it is now; whole or not at all. */
function writeWhole(file: string, maps: Map<PropertyKey, Map<string, Row>>): void {
  const lines = [...maps].flatMap(([table, rows]) => [...rows.values()].map((row) => line(table, row)))
  writeFileSync(`${file}.new`, lines.join(''))
  renameSync(`${file}.new`, file)
}
