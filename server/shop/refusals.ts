import { StaffTasks } from '../../models/shop.ts'
import type { ReadinessRow } from './contract.ts'
import { finishTask } from './tasks.ts'

type Words = Pick<ReadinessRow, 'detail' | 'advice'>

const anew = 'Start again, and press Test. Then send again what has failed.'
/** By the kind of the task that was raised when the platform took nothing more, and by its channel. */
const words: Record<string, Record<string, Words>> = {
  'channel.token': {
    line: {
      detail: 'LINE refuses the access token: no message goes out.',
      advice: `Issue a new one in the LINE Developers console and put it into LINE_CHANNEL_ACCESS_TOKEN. ${anew}`,
    },
    messenger: {
      detail: 'Meta refuses the access token: no message goes out.',
      advice: `Make a new page access token in the Meta app, under Messenger, and put it into MESSENGER_PAGE_TOKEN. ${anew}`,
    },
  },
  'channel.quota': {
    line: {
      detail: 'The messages of this month are used up: only free answers go out.',
      advice: 'Raise the plan in the LINE Official Account Manager, then send again what has failed.',
    },
  },
  'channel.restricted': {
    messenger: {
      detail: 'Meta has restricted the page: no message goes out.',
      advice: 'Read in the Meta Business Suite, under Page quality, why and until when.',
    },
  },
}

/** The channels whose last message was refused for a reason that stops all others, too, until somebody acts. */
export async function listRefusals(): Promise<Map<string, Words>> {
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
