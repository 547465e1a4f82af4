import type { Faults } from '../faults.ts'
import { createUnderway } from './underway.ts'

export interface Sender<Event> {
  /** Keeps an event; it goes out with the next `release`. */
  announce(event: Event): void
  /** Sends what was announced; resolves when each was delivered or refused once. */
  release(): Promise<void>
  /** The same, for the middle of a request: waits only while the knob has events arrive before the answer. */
  releaseBeforeAnswer(): Promise<void>
  /** Sends these now, whatever the knobs say of timing and order. */
  send(events: Event[]): Promise<void>
  /** Sends what waits to be overtaken. */
  flush(): void
  /** Resolves when none is on its way and none waits to be sent again. */
  settled(): Promise<void>
  close(): void
}

/** Where the address of an event comes from, and how it is signed, each platform says itself. */
interface Options<Event> {
  faults: Faults
  /** Whose knobs apply: `webhookKnobs` and `timingKnob` are among them. */
  platform: string
  /** Waits in ms before an event that was not taken is sent again. */
  retryDelays: number[]
  addressesOf(event: Event): string[]
  /** Signs and posts it; true when it counts as delivered. */
  post(event: Event, address: string): Promise<boolean>
  /** The event as its second copy is sent; without this, as it is. */
  copyOf?(event: Event): Event
}

/** Delivers events as platforms do: at least once, in no promised order, again when they were not taken. */
export function createSender<Event>(options: Options<Event>): Sender<Event> {
  const { faults, platform, retryDelays, addressesOf, post, copyOf = (event) => event } = options
  const underway = createUnderway()
  let announced: Event[] = []
  let held: Event[] = []

  const send = async (events: Event[]) => void (await underway.track(Promise.all(events.map(deliver))))

  async function sendHeld(): Promise<void> {
    const events = held.reverse()
    held = []
    // One after another: the reversed order is the point.
    for (const event of events) await send([event])
  }

  async function deliver(event: Event): Promise<void> {
    const addresses = addressesOf(event)
    if (underway.closed.aborted || addresses.length === 0) return
    const delay = faults.take<number>(platform, 'webhookDelayMs')
    if (delay > 0) await underway.pause(delay)
    const copies = [event]
    for (let i = 1; i < faults.get<number>(platform, 'webhookCopies'); i += 1) copies.push(copyOf(event))
    await Promise.all(
      copies.flatMap((copy) => addresses.map((address) => attempt(copy, address, retryDelays))),
    )
  }

  /** Resolves after the first try; the further ones go on by themselves. */
  async function attempt(event: Event, address: string, [delay, ...later]: number[]): Promise<void> {
    if (underway.closed.aborted || (await post(event, address)) || delay === undefined) return
    void underway.track(underway.pause(delay).then(() => attempt(event, address, later)))
  }

  function release(): Promise<void> {
    const events = announced
    announced = []
    if (faults.get(platform, 'webhookTiming') === 'never') return Promise.resolve()
    if (faults.get(platform, 'webhookOrder') === 'kept') return send([...held.splice(0), ...events])
    held.push(...events)
    return held.length < 2 ? Promise.resolve() : underway.track(sendHeld())
  }

  return {
    announce: (event) => void announced.push(event),
    release,
    async releaseBeforeAnswer() {
      const delivered = release()
      if (faults.get(platform, 'webhookTiming') === 'before_answer') await delivered
    },
    send,
    flush: () => void underway.track(sendHeld()),
    settled: underway.settled,
    close: underway.close,
  }
}
