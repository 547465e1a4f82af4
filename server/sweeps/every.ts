import { log } from '../log.ts'

/**
 * Calls the work again and again, each time so long after the last one ended, until stopped. Work that fails is told
 * and tried again: what is due stays due in the documents.
 */
export function every(ms: number, name: string, work: () => Promise<unknown>): () => Promise<void> {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()
  const run = () => {
    running = work()
      .catch((error: unknown) => log.error({ error, sweep: name }, 'A sweep failed and will be tried again'))
      .finally(() => {
        if (!stopped) timer = setTimeout(run, ms)
      })
  }
  timer = setTimeout(run, ms)
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
