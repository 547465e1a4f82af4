import { type Route, route } from './http/index.ts'

/** What browsers and crawlers ask for at the root. */
export const frontDoorRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/',
    access: 'anyone',
    summary: 'Leads staff to their desk',
    hidden: true,
    handler: async ({ response }) => {
      response.redirect('/console')
    },
  }),
  route({
    method: 'GET',
    path: '/robots.txt',
    access: 'anyone',
    summary: 'Links from a chat are nobody else’s business',
    hidden: true,
    handler: async ({ response }) => {
      response.type('text').send('User-agent: *\nDisallow: /\n')
    },
  }),
  route({
    method: 'GET',
    path: '/favicon.ico',
    access: 'anyone',
    summary: 'Pages bring their own icon, if any',
    hidden: true,
    handler: async ({ response }) => {
      response.status(204).end()
    },
  }),
]
