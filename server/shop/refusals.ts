import { StaffTasks } from '../../models/shop.ts'
import type { ReadinessRow } from './contract.ts'
import { finishTask } from './tasks.ts'

type Told = Pick<ReadinessRow, 'detail' | 'advice'>

const again = { again: [{ key: 'ready.refusal.again' }] }
/** By the kind of the task that was raised when the platform took nothing more, and by its channel. */
const words: Record<string, Record<string, Told>> = {
  'channel.token': {
    line: {
      detail: { key: 'ready.refusal.lineToken' },
      advice: { key: 'ready.refusal.lineTokenNext', values: again },
    },
    messenger: {
      detail: { key: 'ready.refusal.messengerToken' },
      advice: { key: 'ready.refusal.messengerTokenNext', values: again },
    },
  },
  'channel.quota': {
    line: { detail: { key: 'ready.refusal.quota' }, advice: { key: 'ready.refusal.quotaNext' } },
  },
  'channel.restricted': {
    messenger: {
      detail: { key: 'ready.refusal.restricted' },
      advice: { key: 'ready.refusal.restrictedNext' },
    },
  },
}

/** The channels whose last message was refused for a reason that stops all others, too, until somebody acts. */
export async function listRefusals(): Promise<Map<string, Told>> {
  const tasks = await StaffTasks.find({ kind: { $in: Object.keys(words) }, state: 'open' })
    .sort({ createdAt: 1 })
    .lean()
  return new Map(
    tasks.flatMap(({ kind, subject }) => {
      const about = words[kind]?.[subject]
      return about ? [[subject, about] as const] : []
    }),
  )
}

/** A test that went well shows that the token is taken. */
export const tokenIsTaken = (channel: string): Promise<void> => finishTask('channel.token', channel, null)
