import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { RichMenus, SavedRichMenus } from './rich-menus.ts'
import type { SavedWorld, World } from './world.ts'

const WRITE_AT_MOST_EVERY = 500

interface Saved {
  world: SavedWorld
  richMenus: SavedRichMenus
}

export interface Keeper {
  /** Writes now, without waiting for the next change. */
  flush(): void
}

/**
 * Keeps people, chats and menus in one small file, so that the demo goes on after a restart. A file that
 * cannot be read is put aside, and the world begins empty.
 */
export function keepWorld(file: string | undefined, world: World, richMenus: RichMenus): Keeper {
  if (!file) return { flush: () => {} }
  const saved = read(file)
  if (saved) {
    world.restore(saved.world)
    richMenus.restore(saved.richMenus)
  }
  let timer: NodeJS.Timeout | undefined
  world.onChange(() => {
    timer ??= setTimeout(write, WRITE_AT_MOST_EVERY).unref()
  })
  return {
    flush: write,
  }

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    save(file as string, { world: world.snapshot(), richMenus: richMenus.snapshot() })
  }
}

function read(file: string): Saved | undefined {
  try {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Saved
    if (!Array.isArray(saved.world.users) || !Array.isArray(saved.richMenus.menus))
      throw new Error('not ours')
    return saved
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    renameSync(file, `${file}.unreadable`)
    console.error(`${file} could not be read and was put aside; the simulated chats begin anew.`)
    return undefined
  }
}

/** Whole or not at all: a reader never sees half a file. */
function save(file: string, saved: Saved): void {
  mkdirSync(dirname(file), { recursive: true })
  const half = join(dirname(file), `.${process.pid}.half`)
  writeFileSync(half, JSON.stringify(saved))
  renameSync(half, file)
}
