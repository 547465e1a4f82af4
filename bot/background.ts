import { log } from '../server/log.ts'

const underway = new Set<Promise<void>>()

/** Work that nothing waits for. What it leaves undone when it fails, a sweep must find. */
export function inBackground(what: string, work: () => Promise<unknown>): void {
  const promise = work()
    .then(() => undefined)
    .catch((error: unknown) => log.warn({ error }, `${what} failed`))
    .finally(() => underway.delete(promise))
  underway.add(promise)
}

/** Resolves when no background work is left. */
export async function backgroundDone(): Promise<void> {
  while (underway.size) await Promise.all(underway)
}
