import { listAudit } from '../api/shop.ts'
import { usePages } from '../parts/pages.ts'

/** Who did what, newest first. */
export const useAudit = () =>
  usePages(async (cursor) => {
    const page = await listAudit({ cursor })
    return { rows: page.entries, cursor: page.cursor }
  })
