import assert from 'node:assert/strict'
import { Types } from 'mongoose'
import { mayActAs, type StaffRole, staffRoles } from '../server/auth/contract.ts'
import type { Route } from '../server/http/index.ts'
import { routes } from '../server/wiring.ts'
import { type Client, client } from './support/client.ts'
import { customerOf, loginAs } from './support/people.ts'
import { startServer, type TestServer } from './support/server.ts'

/**
 * What changes something and asks for no session, each with the reason. A new one has to be thought about here.
 */
const open: Record<string, string> = {
  'POST /api/v1/gen-reg-no/': 'asks for the token of an integration',
  'POST /api/v1/checkout-sale-order-inv/': 'asks for the token of an integration',
  'POST /api/v1/order-payment-register-request/': 'asks for the token of an integration',
  'POST /api/v1/order-inv-validation/': 'asks for the token of an integration',
  'POST /api/auth/login': 'asks for a password',
  'POST /api/staff/join': 'asks for the token of an invitation',
  'POST /api/staff/reset': 'asks for the token of a mail',
  'POST /api/staff/forgot': 'only sends a mail to the address itself',
  'POST /w/:token/open': 'asks for the token of a card',
  'POST /w/:token/browse': 'asks for the token of a card',
  'POST /api/results/:key/check': 'asks for the key of an attempt, and only looks',
  'POST /webhooks/:channel': 'asks for the signature of the platform',
  'POST /webhooks/payments/:gateway': 'is a hint: only reading the payment back moves it',
  'POST /ipaymu/callback': 'is a hint: only reading the payment back moves it',
  'POST /checkout/webhook': 'is a hint: only reading the payment back moves it',
}

const isStaffRole = (access: Route['access']): access is StaffRole =>
  (staffRoles as readonly string[]).includes(access)
const nameOf = ({ method, path }: Route) => `${method} ${path}`
const namesAThing = (route: Route) => route.path.includes(':')

/** An address of the route with ids that nobody has. */
function addressOf(route: Route): string {
  return route.path.replace(/\{.*\}/g, '').replace(/:(\w+)/g, () => String(new Types.ObjectId()))
}

async function ask(browser: Client, route: Route): Promise<number> {
  const body = route.raw ? 'x' : '{}'
  const answer = await browser.send(route.method, addressOf(route), {
    headers: { 'content-type': route.raw ? 'image/png' : 'application/json' },
    ...(route.method !== 'GET' && { body }),
  })
  return answer.status
}

describe('the table of routes', () => {
  let shop: TestServer
  let customer: Client
  const staff = {} as Record<StaffRole, Client>
  before(async () => {
    shop = await startServer()
    const ids = { customerId: String(new Types.ObjectId()), orderIds: [String(new Types.ObjectId())] }
    customer = await customerOf(shop.url, ids)
    for (const role of staffRoles) staff[role] = await loginAs(shop.url, role)
  })
  after(() => shop.close())

  it('holds routes for everybody, each with a line for the API page', () => {
    for (const access of ['anyone', 'customer', ...staffRoles]) {
      assert.ok(
        routes.some((route) => route.access === access),
        access,
      )
    }
    for (const route of routes) assert.ok(route.summary.length > 3, nameOf(route))
  })

  it('lets nobody without a session change anything but for a reason', () => {
    const found = routes.filter(({ method, access }) => access === 'anyone' && method !== 'GET').map(nameOf)
    assert.deepEqual(found.toSorted(), Object.keys(open).toSorted())
  })

  for (const route of routes.filter(({ access }) => access !== 'anyone')) {
    it(`guards ${nameOf(route)} (${route.access})`, async () => {
      assert.equal(await ask(client(shop.url), route), 401, 'nobody')

      if (route.access === 'customer') {
        const status = await ask(customer, route)
        if (namesAThing(route)) assert.equal(status, 404, 'another customer')
        // Their own things: what they sent may be wrong, but they are let in.
        else assert.ok(status === 200 || status === 415, `a customer is let in, and got ${status}`)
        for (const role of staffRoles) {
          assert.equal(await ask(staff[role], route), namesAThing(route) ? 404 : 401, role)
        }
        return
      }
      const wanted = route.access
      assert.ok(isStaffRole(wanted))
      assert.equal(await ask(customer, route), namesAThing(route) ? 404 : 401, 'a customer')
      for (const role of staffRoles.filter((each) => !mayActAs(each, wanted))) {
        assert.equal(await ask(staff[role], route), namesAThing(route) ? 404 : 403, role)
      }
      const status = await ask(staff[wanted], route)
      assert.ok(status !== 401 && status !== 403 && status < 500, `${wanted} is let in, and got ${status}`)
    })
  }

  for (const route of routes.filter(({ access }) => access === 'anyone')) {
    it(`answers ${nameOf(route)} to nobody in particular without a fault`, async () => {
      const status = await ask(client(shop.url), route)
      assert.ok(status < 500, String(status))
    })
  }
})
