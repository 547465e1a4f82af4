// Omise as far as a shop asks it that only reads payments back: each is what its attempt says.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const amount = 30_050
let paid = false
let reads = 0

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json')
  const [, attempt] = /^\/charges\/chrg_test_([0-9a-f]{24})$/.exec(request.url ?? '') ?? []
  if (attempt) {
    reads += 1
    response.end(JSON.stringify(charge(attempt)))
  } else if (request.url === '/paid') {
    paid = true
    response.end('{}')
  } else if (request.url === '/reads') response.end(JSON.stringify({ reads }))
  else response.writeHead(404).end('{"object":"error","code":"not_found","message":"not found"}')
})

const charge = (attempt: string) => ({
  object: 'charge',
  id: `chrg_test_${attempt}`,
  livemode: false,
  amount,
  currency: 'THB',
  status: paid ? 'successful' : 'pending',
  paid,
  authorized: paid,
  capture: true,
  captured_amount: paid ? amount : 0,
  refunded_amount: 0,
  failure_code: null,
  paid_at: paid ? new Date().toISOString() : null,
  expires_at: null,
  authorize_uri: null,
  metadata: { attempt },
  source: null,
  refunds: { object: 'list', total: 0, data: [] },
})

server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
