import { renderToString } from '@vue/server-renderer'
import { createCataloguePage } from './page.ts'
import type { CatalogueBoot } from './state/boot.ts'

/** The HTML of the catalogue as it is before any script runs. */
export const renderCatalogue = (boot: CatalogueBoot): Promise<string> =>
  renderToString(createCataloguePage(boot, {}))
