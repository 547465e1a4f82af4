import express from 'express'
import { findCustomer, findStaff } from '../../server/auth/index.ts'
import {
  createRateLimits,
  mountRoutes,
  noRateLimits,
  pageHandlers,
  type Route,
} from '../../server/http/index.ts'
import { settings } from '../../server/settings.ts'
import { listen } from './listen.ts'

/** A server with a table of routes of the test's own, mounted as the program mounts its. */
export async function serveTable(routes: Route[], { limits = false } = {}) {
  const app = express()
  app.set('trust proxy', 'loopback')
  mountRoutes(app, routes, {
    sessions: { staff: findStaff, customer: findCustomer },
    limits: limits ? createRateLimits() : noRateLimits,
    publicUrl: 'https://shop.example',
    pages: pageHandlers(settings()),
  })
  const { server, url } = await listen(app)
  return {
    url,
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
