import { Agent, request } from 'node:http'

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a bench reads the few fields that it goes on with
  body: any
  cookie: string | undefined
  /** From sending to the last byte of the answer. */
  milliseconds: number
}

export type Send = (method: string, path: string, body?: unknown, cookie?: string) => Promise<Answer>

/** A browser's connections to one server, kept open between requests. */
export function connectTo(url: string, sockets: number): { send: Send; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets })
  const { hostname, port } = new URL(url)
  return {
    close: () => agent.destroy(),
    send(method, path, body, cookie) {
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
      const headers = {
        ...(payload && { 'content-type': 'application/json', 'content-length': payload.length }),
        ...(cookie && { cookie }),
      }
      const began = performance.now()
      return new Promise((resolve, reject) => {
        const call = request({ agent, hostname, port, method, path, headers }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const milliseconds = performance.now() - began
            const text = Buffer.concat(chunks).toString()
            resolve({
              status: response.statusCode ?? 0,
              body: text && JSON.parse(text),
              cookie: response.headers['set-cookie']?.map((line) => line.split(';')[0]).join('; '),
              milliseconds,
            })
          })
        })
        call.on('error', reject)
        call.end(payload)
      })
    },
  }
}
