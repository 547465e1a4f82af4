import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { Route } from './route.ts'

const metrics = new Registry()

const requests = new Histogram({
  name: 'parley_http_request_seconds',
  help: 'Time from a request to its answer, by route',
  labelNames: ['route', 'status'],
  buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
  registers: [metrics],
})

/** Counts one answered request. `milliseconds` is the time it took. */
export function countRequest(route: Route, status: number, milliseconds: number): void {
  requests.observe({ route: `${route.method} ${route.path}`, status }, milliseconds / 1000)
}

let collecting = false

/** The figures as text, for Prometheus. */
export function readMetrics(): Promise<string> {
  if (!collecting) collectDefaultMetrics({ register: metrics })
  collecting = true
  return metrics.metrics()
}
