import mongoose from 'mongoose'
import { notFound, Reply, type Route, readMetrics, route } from './http/index.ts'
import { settings } from './settings.ts'

/** Whether the program works, for a load balancer and for Prometheus. */
export const healthRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/health',
    access: 'anyone',
    summary: 'What is up; 503 while the database cannot be reached',
    async handler() {
      const { sandbox, roles, line, messenger, gateways, smtp } = settings()
      const database = await answers()
      return new Reply(database ? 200 : 503, {
        ok: database,
        database: database ? 'up' : 'down',
        roles,
        sandbox,
        channels: onOrOff({ line, messenger }),
        gateways: onOrOff(gateways),
        mail: smtp ? 'on' : 'off',
        uptime: Math.round(process.uptime()),
      })
    },
  }),
  route({
    method: 'GET',
    path: '/metrics',
    access: 'anyone',
    summary: 'Figures for Prometheus; only from a private network',
    async handler({ ip, response }) {
      if (!isPrivate(ip)) throw notFound('This address')
      response.type('text/plain; version=0.0.4').send(await readMetrics())
    },
  }),
]

const onOrOff = (parts: object): Record<string, 'on' | 'off'> =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part ? 'on' : 'off']))

async function answers(): Promise<boolean> {
  try {
    await mongoose.connection.db?.command({ ping: 1 }, { timeoutMS: 2000 })
    return mongoose.connection.readyState === 1
  } catch {
    return false
  }
}

/** Loopback, and the networks that never leave a building. */
function isPrivate(ip: string): boolean {
  const plain = ip.replace(/^::ffff:/, '')
  return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd])/.test(plain)
}
