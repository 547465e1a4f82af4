// Omise and LINE as far as a measured shop asks them: every charge is successful at once.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

let charges = 0

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    if (request.method === 'POST' && request.url === '/charges') {
      response.end(JSON.stringify(charge(JSON.parse(Buffer.concat(chunks).toString()))))
    } else if (request.url?.startsWith('/v2/bot/message/')) response.end('{"sentMessages":[]}')
    else response.writeHead(404).end('{"message":"Not found"}')
  })
})

function charge({ amount, currency, metadata }: { amount: number; currency: string; metadata: object }) {
  charges += 1
  return {
    object: 'charge',
    id: `chrg_test_${String(charges).padStart(19, '0')}`,
    livemode: false,
    amount,
    currency,
    status: 'successful',
    paid: true,
    authorized: true,
    capture: true,
    captured_amount: amount,
    refunded_amount: 0,
    failure_code: null,
    paid_at: new Date().toISOString(),
    expires_at: null,
    authorize_uri: null,
    metadata,
    source: null,
    refunds: { object: 'list', total: 0, data: [] },
  }
}

server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
