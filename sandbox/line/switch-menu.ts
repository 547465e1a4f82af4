import type { LineService } from './service.ts'

/** A tap on a tab of the rich menu: shows the alias's menu, and tells the shop how that went. */
export async function switchRichMenu(
  { richMenus, world, people }: LineService,
  userId: string,
  newRichMenuAliasId: string,
  data: string,
): Promise<void> {
  const richMenuId = richMenus.aliases.get(newRichMenuAliasId)
  if (richMenuId) {
    world.user(userId).richMenuId = richMenuId
    world.changed(userId)
  }
  const status = richMenuId ? 'SUCCESS' : 'RICHMENU_ALIAS_ID_NOTFOUND'
  await people.postback(userId, data, { params: { newRichMenuAliasId, status } })
}
