import { setTimeout as wait } from 'node:timers/promises'
import { atTheMoment, type Written } from './moments.ts'
import type { OtherProcess } from './other-process.ts'

/** When a server is killed: at a write, or once something outside has happened of which it has heard nothing. */
export type Moment = { isWritten: (written: Written) => boolean } | { hasHappened: () => Promise<boolean> }

/**
 * Kills the server at a moment that `act` leads to, and waits until it is dead. Whoever waits for an answer of it gets
 * none. Throws when the moment does not come.
 */
export async function killAt(
  shop: OtherProcess,
  moment: Moment,
  act: () => Promise<unknown>,
  ms = 30_000,
): Promise<void> {
  let over = false
  const { seen, stop } =
    'isWritten' in moment
      ? await atTheMoment(moment.isWritten, () => shop.kill())
      : { seen: watch(moment.hasHappened), stop: async () => undefined }
  const acting = act().catch(() => undefined)
  try {
    await Promise.race([seen, failsAfter(ms)])
  } finally {
    over = true
    await stop()
  }
  await acting

  async function watch(hasHappened: () => Promise<boolean>): Promise<void> {
    while (!over && !(await hasHappened())) await wait(20)
    if (!over) await shop.kill()
  }
}

async function failsAfter(ms: number): Promise<never> {
  await wait(ms, undefined, { ref: false })
  throw new Error('the moment to kill the server never came')
}
