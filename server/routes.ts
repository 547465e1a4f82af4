import { routes as auth } from './auth/index.ts'
import { routes as customer } from './customer/index.ts'
import { routes as desk } from './desk/index.ts'
import type { Route } from './http/index.ts'
import { webhookRoute } from './payment/index.ts'
import { routes as pipeline } from './pipeline/index.ts'

/**
 * The table of all routes of the server: one line a module. The start adds those of the chat edge. A test walks the
 * whole table with nobody, another customer and staff of each role.
 */
export const allRoutes: Route[] = [...auth, ...customer, ...desk, ...pipeline, webhookRoute]
