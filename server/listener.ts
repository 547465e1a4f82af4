import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Settings } from './settings.ts'

/** The port cannot be had, in one sentence with what to do. */
export class ListenError extends Error {}

/** How long a request that is being answered may take to finish when the program stops. */
const GRACE = 2000

/** Listens on the port of the settings; a process that is only a worker gets a server that listens to nobody. */
export async function listen(
  settings: Settings,
  answer: RequestListener,
): Promise<{ http: Server; port: number }> {
  const http = createServer(
    { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 },
    answer,
  )
  if (!settings.roles.includes('web')) return { http, port: settings.port }
  // The sandbox has a login that everybody knows: nobody but this machine may reach it.
  const host = settings.sandbox ? '127.0.0.1' : '::'
  try {
    http.listen(settings.port, host)
    await once(http, 'listening')
  } catch (error) {
    throw explain(error, settings.port)
  }
  return { http, port: (http.address() as AddressInfo).port }
}

function explain(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new ListenError(
      `Port ${port} is in use by another program (is Parley running already?): stop that one, or choose another with PORT=${port + 10} npm start.`,
    )
  }
  if (code === 'EACCES') {
    return new ListenError(
      `This user may not open port ${port}: choose one above 1023 with PORT=3000 npm start.`,
    )
  }
  return error
}

/** Lets running requests finish, then closes what is left. */
export async function closeListener(http: Server): Promise<void> {
  if (!http.listening) return
  const closed = once(http, 'close')
  http.close()
  http.closeIdleConnections()
  await Promise.race([closed, wait(GRACE, undefined, { ref: false })])
  http.closeAllConnections()
}
