import { routes as auth } from './auth/index.ts'
import { routes as catalogue } from './catalogue/index.ts'
import { routes as conversation } from './conversation/index.ts'
import { routes as customer } from './customer/index.ts'
import { routes as delivery } from './delivery/index.ts'
import { routes as desk } from './desk/index.ts'
import { routes as geo } from './geo/index.ts'
import type { Route } from './http/index.ts'
import { routes as invoice } from './invoice/index.ts'
import { routes as myOrders } from './my-orders/index.ts'
import { routes as pages } from './pages/index.ts'
import { cardRoutes, slipRoutes, webhookRoute } from './payment/index.ts'
import { routes as pipeline } from './pipeline/index.ts'
import { routes as reconciliation } from './reconciliation/index.ts'
import { routes as shop } from './shop/index.ts'
import { routes as store } from './store/index.ts'
import { routes as ticket } from './ticket/index.ts'

/**
 * The table of all routes of the server: one line a module. The start adds those of the chat edge. A test walks the
 * whole table with nobody, another customer and staff of each role.
 */
export const allRoutes: Route[] = [
  ...auth,
  ...catalogue,
  ...conversation,
  ...customer,
  ...delivery,
  ...desk,
  ...geo,
  ...myOrders,
  ...invoice,
  ...pages,
  ...pipeline,
  ...reconciliation,
  ...shop,
  ...store,
  ...cardRoutes,
  ...slipRoutes,
  ...ticket,
  webhookRoute,
]
