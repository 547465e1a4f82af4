import { renderToString } from '@vue/server-renderer'
import { createPage } from './page.ts'
import type { Boot } from './state/boot.ts'

/** The HTML of the page as it is before any script runs. */
export const render = (boot: Boot): Promise<string> => renderToString(createPage(boot, {}))

export { renderCatalogue } from '../catalogue/entry-server.ts'
