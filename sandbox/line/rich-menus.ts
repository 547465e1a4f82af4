import { badRequest, notFound } from './errors.ts'
import { newRichMenuId } from './ids.ts'
import type { Fields } from './types.ts'

export interface RichMenu extends Fields {
  richMenuId: string
}

/** The channel's rich menus, their aliases, and the one that everybody sees. */
export interface RichMenus {
  create(menu: Fields): string
  list(): RichMenu[]
  /** Throws 404 when there is no such menu. */
  find(richMenuId: string): RichMenu
  remove(richMenuId: string): void
  markUploaded(richMenuId: string): void
  isUploaded(richMenuId: string): boolean
  defaultId: string | undefined
  aliases: Map<string, string>
  /** A menu can be shown once its picture is there; throws 404 or 400 otherwise. */
  showable(richMenuId: string): RichMenu
  restore(saved: SavedRichMenus): void
  snapshot(): SavedRichMenus
}

export interface SavedRichMenus {
  menus: RichMenu[]
  uploaded: string[]
  aliases: Record<string, string>
  defaultId?: string
}

const MOST_MENUS = 1000

export function createRichMenus(): RichMenus {
  const menus = new Map<string, RichMenu>()
  const uploaded = new Set<string>()

  const richMenus: RichMenus = {
    defaultId: undefined,
    aliases: new Map(),
    create(menu) {
      if (menus.size >= MOST_MENUS) throw badRequest(`A channel can have at most ${MOST_MENUS} rich menus`)
      const richMenuId = newRichMenuId()
      menus.set(richMenuId, { richMenuId, ...menu })
      return richMenuId
    },
    list: () => [...menus.values()],
    find(richMenuId) {
      const menu = menus.get(richMenuId)
      if (!menu) throw notFound('richmenu not found')
      return menu
    },
    remove(richMenuId) {
      richMenus.find(richMenuId)
      menus.delete(richMenuId)
      uploaded.delete(richMenuId)
      if (richMenus.defaultId === richMenuId) richMenus.defaultId = undefined
    },
    markUploaded: (richMenuId) => void uploaded.add(richMenuId),
    isUploaded: (richMenuId) => uploaded.has(richMenuId),
    showable(richMenuId) {
      const menu = richMenus.find(richMenuId)
      if (!uploaded.has(richMenuId)) {
        throw badRequest('must upload richmenu image before applying it to user')
      }
      return menu
    },
    restore(saved) {
      for (const menu of saved.menus) menus.set(menu.richMenuId, menu)
      for (const id of saved.uploaded) uploaded.add(id)
      for (const [alias, id] of Object.entries(saved.aliases)) richMenus.aliases.set(alias, id)
      richMenus.defaultId = saved.defaultId
    },
    snapshot: () => ({
      menus: [...menus.values()],
      uploaded: [...uploaded],
      aliases: Object.fromEntries(richMenus.aliases),
      ...(richMenus.defaultId ? { defaultId: richMenus.defaultId } : {}),
    }),
  }
  return richMenus
}
