import { type Route, route } from '../http/index.ts'
import { describeApi } from './openapi.ts'
import { docsPage } from './page.ts'

/** The page that shows the HTTP interface, and the same for programs, made from the schemas that check it. */
export function docsRoutes(described: Route[]): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/docs',
      access: 'anyone',
      summary: 'This page',
      hidden: true,
      async handler({ response }) {
        const policy =
          "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
        response.setHeader('Content-Security-Policy', policy)
        response.type('html').send(docsPage(describeApi(described)))
      },
    }),
    route({
      method: 'GET',
      path: '/api/docs.json',
      access: 'anyone',
      summary: 'The same as OpenAPI 3.1',
      hidden: true,
      handler: async () => describeApi(described),
    }),
  ]
}
