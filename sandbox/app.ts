import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import express, { type Express } from 'express'
import { type Clock, createClock } from './clock.ts'
import { isLoopback, type SandboxContext } from './context.ts'
import { faultPages } from './fault-pages.ts'
import { createFaults, type Faults } from './faults.ts'
import {
  type ForeignAffairsBankHandle,
  type ForeignAffairsBankOptions,
  foreignAffairsBank,
} from './foreign-affairs-bank/index.ts'
import { type HalkbankHandle, type HalkbankOptions, halkbank } from './halkbank/index.ts'
import { home } from './home.ts'
import { type IpaymuHandle, type IpaymuOptions, ipaymu } from './ipaymu/index.ts'
import { type KomojuHandle, type KomojuOptions, komoju } from './komoju/index.ts'
import { type LineChannel, type LineHandle, line } from './line/index.ts'
import { type MailboxHandle, mailbox } from './mailbox/index.ts'
import { type MessengerHandle, type MessengerPage, messenger } from './messenger/index.ts'
import { type OmiseHandle, type OmiseOptions, omise } from './omise/index.ts'
import { type SbpHandle, type SbpOptions, sbp } from './sbp/index.ts'

export interface SandboxOptions {
  /** 0 takes a free one. */
  port?: number
  /** Where Parley is reached: webhooks and returns go there. */
  parleyUrl?: string
  /** The mail server's port; 0 takes a free one. */
  smtpPort?: number
  /** Keeps chats and pictures over a restart; without it everything stays in memory. */
  dataDir?: string
  line?: Partial<LineChannel>
  messenger?: Partial<MessengerPage>
  omise?: Partial<OmiseOptions>
  ipaymu?: Partial<IpaymuOptions>
  halkbank?: Partial<HalkbankOptions>
  foreignAffairsBank?: Partial<ForeignAffairsBankOptions>
  komoju?: Partial<KomojuOptions>
  sbp?: Partial<SbpOptions>
  /** Only this machine may reach the sandbox: anything but a loopback address is refused. */
  host?: string
}

export interface Sandbox {
  /** Its address, without a slash at the end. */
  url: string
  smtpUrl: string
  line: LineHandle
  messenger: MessengerHandle
  omise: OmiseHandle
  ipaymu: IpaymuHandle
  halkbank: HalkbankHandle
  foreignAffairsBank: ForeignAffairsBankHandle
  komoju: KomojuHandle
  sbp: SbpHandle
  mailbox: MailboxHandle
  faults: Faults
  clock: Clock
  /** The channel as it is simulated: the keys that Parley must be given. */
  channel: LineChannel
  /** Names the shop's accounts anew, as its owner would in each platform's own pages. */
  rename(name: string): void
  close(): Promise<void>
}

/** Starts the simulated outside world: every platform at its own paths, on one port of this machine. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { parleyUrl = 'http://localhost:3000', host = '127.0.0.1' } = options
  refuseThePublic(host, parleyUrl)

  const app = express()
  const server = await listen(app, options.port ?? 0, host)
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const context: SandboxContext = {
    faults: createFaults(),
    clock: createClock(),
    parleyUrl,
    dataDir: options.dataDir,
    url: () => url,
  }
  const channel = lineChannel(options.line ?? {}, parleyUrl)
  const simulatedLine = line(channel, context)
  const facebookPage = messengerPage(options.messenger ?? {}, parleyUrl)
  const simulatedMessenger = messenger(facebookPage, context)
  const simulatedOmise = omise({ ...demoOmise, ...options.omise }, context)
  const simulatedIpaymu = ipaymu({ ...demoIpaymu, ...options.ipaymu }, context)
  const simulatedHalkbank = halkbank({ ...demoHalkbank, ...options.halkbank }, context)
  const simulatedForeignAffairsBank = foreignAffairsBank(
    { ...demoForeignAffairsBank, ...options.foreignAffairsBank },
    context,
  )
  const simulatedKomoju = komoju({ ...demoKomoju, ...options.komoju }, context)
  const simulatedSbp = sbp({ ...demoSbp, ...options.sbp }, context)
  const mail = await mailbox({ smtpPort: options.smtpPort ?? 0 }, context).catch((error: unknown) => {
    server.close()
    throw error
  })

  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(onlyThisMachine)
  app.use(simulatedLine.router)
  app.use(simulatedMessenger.router)
  app.use(mail.router)
  app.use(faultPages(context.faults))
  app.use('/halkbank', simulatedHalkbank.router)
  app.use('/foreign-affairs-bank', simulatedForeignAffairsBank.router)
  app.use('/sbp', simulatedSbp.router)
  app.use(simulatedKomoju.router)
  app.use(simulatedIpaymu.router)
  app.use(simulatedOmise.router)
  app.use('/__sim/pages', express.static(folder('./pages')))
  app.get('/phone', (_request, response) => response.sendFile(folder('./phone/index.html')))
  app.get('/phone/messenger', (_request, response) =>
    response.sendFile(folder('./phone/messenger/index.html')),
  )
  app.use('/phone', express.static(folder('./phone'), { redirect: false }))
  app.post('/__sim/clock', express.json(), (request, response) => {
    const milliseconds = Number(request.body?.advance)
    if (!Number.isFinite(milliseconds))
      return void response.status(400).json({ error: 'Give {"advance": ms}' })
    context.clock.advance(milliseconds)
    response.json({ now: context.clock.now() })
  })
  app.use(home(context))

  return {
    url,
    smtpUrl: mail.smtpUrl,
    line: simulatedLine.handle,
    messenger: simulatedMessenger.handle,
    omise: simulatedOmise.handle,
    ipaymu: simulatedIpaymu.handle,
    halkbank: simulatedHalkbank.handle,
    foreignAffairsBank: simulatedForeignAffairsBank.handle,
    komoju: simulatedKomoju.handle,
    sbp: simulatedSbp.handle,
    mailbox: mail.handle,
    faults: context.faults,
    clock: context.clock,
    channel,
    rename(name) {
      channel.displayName = name
      facebookPage.name = name
    },
    async close() {
      simulatedLine.handle.close()
      simulatedMessenger.handle.close()
      simulatedOmise.handle.close()
      simulatedIpaymu.handle.close()
      simulatedKomoju.handle.close()
      simulatedSbp.handle.close()
      server.close()
      server.closeAllConnections()
      await mail.handle.close()
    },
  }
}

async function listen(app: Express, port: number, host: string): Promise<Server> {
  const server = createServer(app).listen(port, host)
  await once(server, 'listening')
  return server
}

/** The simulated world believes everybody: it must never stand where strangers can reach it. */
function refuseThePublic(host: string, parleyUrl: string): void {
  if (!isLoopback(new URL(`http://${host.includes(':') ? `[${host}]` : host}`))) {
    throw new Error(
      `The sandbox only runs on this machine's own addresses, and ${host} is none: use 127.0.0.1`,
    )
  }
  if (!isLoopback(new URL(parleyUrl))) {
    throw new Error(
      `The sandbox does not serve a public shop, and ${parleyUrl} is public: switch it off there`,
    )
  }
}

/** A web page elsewhere could name a host that leads here; it would show in this header. */
const onlyThisMachine: express.RequestHandler = (request, response, next) => {
  const named = `http://${request.headers.host ?? 'nobody'}`
  if (URL.canParse(named) && isLoopback(new URL(named))) return next()
  response.status(403).type('text').send('The sandbox is for this machine only.')
}

function lineChannel(given: Partial<LineChannel>, parleyUrl: string): LineChannel {
  return {
    channelId: '1655000000',
    channelSecret: '0123456789abcdef0123456789abcdef',
    accessToken: 'sandbox-channel-access-token',
    loginChannelId: '1655000001',
    loginChannelSecret: 'fedcba9876543210fedcba9876543210',
    liffId: `${given.loginChannelId ?? '1655000001'}-SandboxL`,
    liffEndpoint: `${parleyUrl}/w`,
    webhookUrl: `${parleyUrl}/webhooks/line`,
    botUserId: `U${'0b07'.repeat(8)}`,
    // The sample shop's own name: a channel has one of its own, which no API of the platform changes.
    displayName: 'บ้านส้มโอ',
    ...given,
  }
}

const messengerPage = (given: Partial<MessengerPage>, parleyUrl: string): MessengerPage => ({
  appId: '112233445566778',
  appSecret: 'abcdef0123456789abcdef0123456789',
  pageId: '109876543210987',
  pageToken: 'EAAsandboxpagetoken',
  verifyToken: 'the verify token of the sandbox',
  webhookUrl: `${parleyUrl}/webhooks/messenger`,
  name: 'บ้านส้มโอ',
  ...given,
})

const demoIpaymu: IpaymuOptions = { va: '1179000899', apiKey: 'SANDBOX0123456789ABCDEF' }

const demoOmise: OmiseOptions = {
  publicKey: 'pkey_test_sandbox',
  secretKey: 'skey_test_sandbox',
  webhookSecret: Buffer.from('the secret of the simulated shop').toString('base64'),
}

const demoHalkbank: HalkbankOptions = { userName: 'parley-api', password: 'sandbox-password' }

const demoForeignAffairsBank: ForeignAffairsBankOptions = {
  clientId: '347.000000000000001.00000001',
  clientSecret: 'sandbox-client-secret',
}

const demoSbp: SbpOptions = { shopId: '100500', secretKey: 'test_sandbox' }

const demoKomoju: KomojuOptions = {
  secretKey: 'sk_test_sandbox',
  webhookSecret: 'the webhook secret of the simulated shop',
}

const folder = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
