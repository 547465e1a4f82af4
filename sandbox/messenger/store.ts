import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SavedWorld, World } from './world.ts'

const WRITE_AT_MOST_EVERY = 500

export interface Keeper {
  /** Writes now, without waiting for the next change. */
  flush(): void
}

/** Keeps people and chats in one small file, so that the demo goes on after a restart. */
export function keepWorld(file: string | undefined, world: World): Keeper {
  if (!file) return { flush: () => {} }
  const saved = read(file)
  if (saved) world.restore(saved)
  let timer: NodeJS.Timeout | undefined
  const write = () => {
    clearTimeout(timer)
    timer = undefined
    // Whole or not at all: a reader never sees half a file.
    mkdirSync(dirname(file), { recursive: true })
    const half = join(dirname(file), `.messenger.${process.pid}.half`)
    writeFileSync(half, JSON.stringify(world.snapshot()))
    renameSync(half, file)
  }
  world.onChange(() => {
    timer ??= setTimeout(write, WRITE_AT_MOST_EVERY).unref()
  })
  return { flush: write }
}

function read(file: string): SavedWorld | undefined {
  try {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as SavedWorld
    if (!Array.isArray(saved.people)) throw new Error('not ours')
    return saved
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    renameSync(file, `${file}.unreadable`)
    console.error(`${file} could not be read and was put aside; the simulated chats begin anew.`)
    return undefined
  }
}
