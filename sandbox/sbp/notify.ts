import type { SandboxContext } from '../context.ts'
import { post } from '../webhooks/post.ts'
import { createSender, type Sender } from '../webhooks/sender.ts'
import { platform as name } from './knobs.ts'

interface Notification {
  type: string
  event: string
  object: object
}

export interface Notifier extends Pick<Sender<Notification>, 'settled' | 'close'> {
  /** Sends a notification; nobody waits for it. */
  send(event: string, object: object): void
}

/** The platform's notifications: unsigned, posted again while they are not answered 200. */
export function createNotifier({ faults }: SandboxContext, url: string, retryDelays: number[]): Notifier {
  const sender = createSender<Notification>({
    faults,
    platform: name,
    retryDelays,
    addressesOf: () => (url ? [url] : []),
    async post(notification, address) {
      const headers = { 'Content-Type': 'application/json' }
      const { status } = await post(address, { headers, body: JSON.stringify(notification) })
      return status === 200
    },
  })

  return {
    send(event, object) {
      const told = faults.get<boolean>(name, 'otherEnvironment') ? { ...object, test: false } : object
      sender.announce({ type: 'notification', event, object: told })
      if (faults.get<boolean>(name, 'foreignEvents'))
        for (const other of foreign(object)) sender.announce(other)
      void sender.release()
    },
    settled: sender.settled,
    close: sender.close,
  }
}

/** What the same address may also hear: of a payout, and of a payment that another program of the shop has made. */
const foreign = (object: object): Notification[] => [
  {
    type: 'notification',
    event: 'payout.succeeded',
    object: { id: 'po-2c9d', status: 'succeeded', test: true },
  },
  {
    type: 'notification',
    event: 'payment.succeeded',
    object: { ...object, id: 'made-elsewhere', metadata: {} },
  },
]
