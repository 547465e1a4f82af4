import type { Route } from '../http/index.ts'
import { webhookAlias } from '../payment/index.ts'
import { backRoutes } from './back.ts'
import { connectionTestRoutes } from './connection-test.ts'
import { createRoutes } from './create.ts'
import { listRoute } from './list.ts'
import { orderRoute } from './order-page.ts'
import { payRoutes } from './pay.ts'

/** A customer's orders as pages that the server draws alone, at the addresses of seed 2. They pay as the checkout does. */
export const routes: Route[] = [
  listRoute,
  // Before the page of one order: `create` is no order's id.
  ...createRoutes,
  orderRoute,
  ...payRoutes,
  ...backRoutes,
  ...connectionTestRoutes,
  webhookAlias('/ipaymu/callback', 'ipaymu'),
]
