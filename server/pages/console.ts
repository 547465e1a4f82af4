import { z } from 'zod'
import { escapeHtml, findEntry, type Route, route } from '../http/index.ts'
import { settings } from '../settings.ts'
import { shopSettings } from '../shop/index.ts'

/** The staff's console: one page for all of its addresses; what it shows is asked for by its script. */
export const consoleRoute: Route = route({
  method: 'GET',
  path: '/console{/*rest}',
  access: 'anyone',
  summary: "The staff's console",
  hidden: true,
  params: z.looseObject({}),
  query: z.looseObject({}),
  async handler({ caller, response }) {
    const { name } = await shopSettings()
    const { script, styles } = findEntry('webview/console/main.ts')
    const links = styles.map((file) => `<link rel="stylesheet" href="${file}">`).join('')
    response.setHeader('X-Robots-Tag', 'noindex')
    // Whether somebody is logged in: the script need not ask in vain.
    response.type('html').send(`<!doctype html>
<html lang="en" data-session="${caller?.kind ?? 'none'}"${settings().sandbox ? ' data-sandbox' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<title>${escapeHtml(name)}</title>
<link rel="icon" href="data:,">
${links}
<script type="module" src="${script}"></script>
</head>
<body><div id="app"></div></body>
</html>`)
  },
})
