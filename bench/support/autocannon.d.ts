// The package brings no types: what we use of it.
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  namespace autocannon {
    interface Request {
      method?: string
      path?: string
      headers?: Record<string, string>
      body?: Buffer
      setupRequest?(request: Request): Request
    }
    interface Options {
      url: string
      connections: number
      /** Requests in all. */
      amount: number
      requests: Request[]
    }
    interface Result {
      errors: number
      timeouts: number
    }
    interface Run extends EventEmitter {
      on(
        event: 'response',
        listener: (client: unknown, status: number, bytes: number, milliseconds: number) => void,
      ): this
    }
  }
  function autocannon(
    options: autocannon.Options,
    done: (error: Error | null, result: autocannon.Result) => void,
  ): autocannon.Run
  export = autocannon
}
