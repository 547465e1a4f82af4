import { routes as auth } from './auth/index.ts'
import type { Route } from './http/index.ts'

/**
 * The table of all routes of the server: one line a module. The start adds those of the chat edge. A test walks the
 * whole table with nobody, another customer and staff of each role.
 */
export const allRoutes: Route[] = [...auth]
