import { setTimeout as wait } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import type { Answer } from './client.ts'
import { moveToOwnMongod } from './setup.ts'
import { type Buyer, eventually } from './story.ts'

export interface OwnMongod {
  /** The primary steps down by force, and is primary again after so many seconds and a moment. */
  stepDown(seconds: number): Promise<void>
  /** Does something, and has the primary step down so many milliseconds after it began. */
  during<T>(work: () => Promise<T>, ms: number, seconds?: number): Promise<T>
  isPrimary(): Promise<boolean>
  close(): Promise<void>
}

/** This process works on a MongoDB of its own from now on, whose primary can be told to step down. */
export async function startOwnMongod(): Promise<OwnMongod> {
  const { uri, back } = await moveToOwnMongod()
  const { host } = new URL(uri)
  const admin = await MongoClient.connect(`mongodb://${host}/?directConnection=true`)
  const stepDown = async (seconds: number) => {
    // The only node: no other could catch up, or take over before the time is over.
    await admin.db('admin').command({ replSetStepDown: seconds, secondaryCatchUpPeriodSecs: 0, force: true })
  }
  return {
    stepDown,
    async during(work, ms, seconds = 1) {
      const working = work()
      // Looked at below.
      working.catch(() => undefined)
      await wait(ms)
      await stepDown(seconds)
      return working
    },
    isPrimary: async () => (await admin.db('admin').command({ hello: 1 }))['isWritablePrimary'] === true,
    async close() {
      await admin.close()
      await back()
    },
  }
}

/** Whether an answer says in plain words that it should be tried again. */
export const saysTryAgain = ({ status, text }: Answer<unknown>): boolean =>
  status === 503 && text.includes('database.unreachable') && text.includes('Try again')

/** What a person does who is told to try again, until they are told something else. */
export async function insist<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  for (let tries = 0; ; tries += 1) {
    const answer = await ask()
    if (!saysTryAgain(answer) || tries === 30) return answer
    await wait(300)
  }
}

/** Waits until the customer's page shows the order in this state; told to try again, it does. */
export const comesTo = (buyer: Buyer, state: string, ms = 60_000): Promise<unknown> =>
  eventually(
    state,
    async () => {
      const answer = await buyer.get<Buyer['order']>(`/api/pipeline/${buyer.order.id}`)
      if (answer.status !== 200 && !saysTryAgain(answer)) throw new Error(answer.text)
      if (answer.status === 200) buyer.order = answer.body
      return answer.status === 200 && answer.body.state === state
    },
    ms,
  )
