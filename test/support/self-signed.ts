import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'

// A certificate for localhost that nobody has signed but itself, for a hundred years; good for nothing else.
const certificate = [
  'MIIBmjCCAUGgAwIBAgIUAQVVLxp+WyTD356gQA49AkTwm/AwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2',
  'MTEyMTE0NDYzN1oYDzIxMjYxMDI4MTQ0NjM3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC',
  'AASXBTKKHlQqaEGhiB0BHGRHkqrYfko1JEXqLZU2C+8f/aulfZqRATyoWFKqaxynfco+q9s0u5SM363WUHH9C8Euo28wbTAdBgNV',
  'HQ4EFgQUyk4Fugccu83w32nqAS4B/gGpTTowHwYDVR0jBBgwFoAUyk4Fugccu83w32nqAS4B/gGpTTowDwYDVR0TAQH/BAUwAwEB',
  '/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDRwAwRAIgc9rdSbarDFcwz4BvzDqvPByY1NRk18ZicIcf',
  'YZ70GS4CIHvObMVuDiDqUHsLufQVOn+vpnE/hn+NrvkqU/aJYWJ9',
]
const key = [
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghpBzksra6uj+1SY+kk5xz3VDhOYBsvVC62s1yQ9jK++hRANCAASX',
  'BTKKHlQqaEGhiB0BHGRHkqrYfko1JEXqLZU2C+8f/aulfZqRATyoWFKqaxynfco+q9s0u5SM363WUHH9C8Eu',
]

/** An https server whose certificate no authority knows. It counts the requests that got through all the same. */
export async function startSelfSigned(): Promise<{ url: string; heard(): number; server: Server }> {
  let requests = 0
  const server = createServer(
    {
      cert: new X509Certificate(Buffer.from(certificate.join(''), 'base64')).toString(),
      key: createPrivateKey({
        key: Buffer.from(key.join(''), 'base64'),
        format: 'der',
        type: 'pkcs8',
      }).export({ format: 'pem', type: 'pkcs8' }),
    },
    (_request, response) => {
      requests += 1
      response.end('{}')
    },
  ).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => requests,
    server,
  }
}
