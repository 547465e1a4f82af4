// One process that takes webhooks of gateways and settles their payments, and does nothing else of a shop: what
// follows (saga, messages, mails) is another process's work.
import { Inbox, type InboxEvent } from '../../models/broker.ts'
import { createApp } from '../../server/app.ts'
import { handleBy } from '../../server/broker/inbox.ts'
import { workThrough } from '../../server/broker/queue.ts'
import { handleEvent } from '../../server/broker/relay.ts'
import { connect, prepareIndexes, startClock } from '../../server/database/index.ts'
import { listen } from '../../server/listener.ts'
import { configureGateways, handleHints, webhookRoute } from '../../server/payment/index.ts'
import { loadSettings, useSettings } from '../../server/settings.ts'

const settings = loadSettings(() => undefined)
useSettings(settings)
await connect({ uri: settings.mongodbUri, dir: '', say: () => undefined })
await prepareIndexes()
await startClock()
configureGateways(settings)
handleHints()
const events = workThrough<InboxEvent>({
  name: 'inbox',
  rows: Inbox.collection,
  handle: handleEvent,
  describe: ({ source, eventId }) => `${eventId} from ${source}`,
})
handleBy(events)
const { port } = await listen(settings, createApp(settings, [webhookRoute]))
console.log(port)
// Ended in order, it leaves its profile behind.
process.once('SIGTERM', () => process.exit())
