// The one file that wires everything together: every module of the server, and the chat edge that the server itself
// never imports.
import type { Server } from 'node:http'
import { routes as botRoutes, channelNamed, openChannelNames, startBot } from '../bot/index.ts'
import { forgetReaders, publish, startBroker, stopBroker } from './broker/index.ts'
import { startDelivery, stopDelivery } from './delivery/index.ts'
import type { Route } from './http/index.ts'
import { compileMails, reactByMail, startMail, stopMail, testMailServer } from './notification/index.ts'
import { startOrchestra } from './orchestra/index.ts'
import { setChatAddresses } from './pages/index.ts'
import { configureGateways, gatewaysInUse, handleHints } from './payment/index.ts'
import { allRoutes } from './routes.ts'
import type { Settings } from './settings.ts'
import { setReadinessTests, setShopTeller } from './shop/index.ts'
import { startSweeps } from './sweeps/index.ts'
import { startTickets } from './ticket/index.ts'

export { setupLine, setupMessenger } from '../bot/index.ts'
export { createApp } from './app.ts'
export { ensureAdmin } from './auth/index.ts'
export { seedDemo, shopName } from './shop/index.ts'

/** What runs beside the HTTP side. `start` answers with the function that stops it. */
export interface Part {
  /** In which processes; in all of them when absent. */
  role?: Settings['roles'][number]
  start(context: { http: Server; settings: Settings }): Promise<() => Promise<void>>
}

/** Every part of the program that runs by itself, in the order of starting: one line each. */
export const parts: Part[] = [
  {
    async start({ settings }) {
      configureGateways(settings)
      compileMails()
      startOrchestra()
      startTickets()
      handleHints()
      return async () => forgetReaders()
    },
  },
  { start: startBot },
  {
    async start({ settings }) {
      setReadinessTests(connectionTests(settings))
      setShopTeller((session, version) => publish(session, 'shop.changed', 'shop', { version }))
      setChatAddresses((channel) => channelNamed(channel)?.chatUrl ?? '')
      return async () => {
        setReadinessTests({})
        setChatAddresses(() => '')
      }
    },
  },
  {
    role: 'worker',
    async start() {
      reactByMail()
      startMail()
      return stopMail
    },
  },
  // After everybody who reads its messages.
  {
    role: 'worker',
    async start() {
      startBroker()
      return stopBroker
    },
  },
  { role: 'worker', start: async () => startSweeps() },
  {
    role: 'worker',
    async start() {
      await startDelivery()
      return stopDelivery
    },
  },
]

/** Every address that is answered. */
export const routes: Route[] = [...allRoutes, ...botRoutes]

/** How each connection to the outside is tested, by the name that the page of what is missing gives it. */
function connectionTests(settings: Settings) {
  const channels = openChannelNames().flatMap((name) => {
    const channel = channelNamed(name)
    return channel ? [[name, () => channel.test()] as const] : []
  })
  const gateways = gatewaysInUse().map(([name, gateway]) => [name, () => gateway.test()] as const)
  return Object.fromEntries([
    ...channels,
    ...gateways,
    ['mail', () => testMailServer(settings.smtp)] as const,
  ])
}
