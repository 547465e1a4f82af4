import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const WRITE_AT_MOST_EVERY = 500

export interface Keeper {
  /** Writes now, without waiting for the next change. */
  flush(): void
}

interface Kept<Saved> {
  onChange(listener: () => void): void
  snapshot(): Saved
  restore(saved: Saved): void
  /** False for a file that somebody else has written. */
  isOurs(saved: Saved): boolean
}

/**
 * Keeps people and chats in one small file, so that the demo goes on after a restart. A file that cannot be read is put
 * aside, and the world begins empty.
 */
export function keep<Saved>(file: string | undefined, kept: Kept<Saved>): Keeper {
  if (!file) return { flush: () => {} }
  const saved = read(file, kept)
  if (saved) kept.restore(saved)
  let timer: NodeJS.Timeout | undefined
  const write = () => {
    clearTimeout(timer)
    timer = undefined
    save(file, kept.snapshot())
  }
  kept.onChange(() => {
    timer ??= setTimeout(write, WRITE_AT_MOST_EVERY).unref()
  })
  return { flush: write }
}

function read<Saved>(file: string, { isOurs }: Kept<Saved>): Saved | undefined {
  try {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Saved
    if (!isOurs(saved)) throw new Error('not ours')
    return saved
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    renameSync(file, `${file}.unreadable`)
    console.error(`${file} could not be read and was put aside; the simulated chats begin anew.`)
    return undefined
  }
}

/** Whole or not at all: a reader never sees half a file. */
function save(file: string, saved: unknown): void {
  mkdirSync(dirname(file), { recursive: true })
  const half = join(dirname(file), `.${basename(file)}.${process.pid}.half`)
  writeFileSync(half, JSON.stringify(saved))
  renameSync(half, file)
}
