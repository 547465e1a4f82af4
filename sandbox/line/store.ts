import { type Keeper, keep } from '../chats/keep.ts'
import type { RichMenus, SavedRichMenus } from './rich-menus.ts'
import type { SavedWorld, World } from './world.ts'

interface Saved {
  world: SavedWorld
  richMenus: SavedRichMenus
}

/** Keeps people, chats and menus. */
export const keepWorld = (file: string | undefined, world: World, richMenus: RichMenus): Keeper =>
  keep<Saved>(file, {
    onChange: world.onChange,
    snapshot: () => ({ world: world.snapshot(), richMenus: richMenus.snapshot() }),
    restore(saved) {
      world.restore(saved.world)
      richMenus.restore(saved.richMenus)
    },
    isOurs: (saved) => Array.isArray(saved.world.users) && Array.isArray(saved.richMenus.menus),
  })
