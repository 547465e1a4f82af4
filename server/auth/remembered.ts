import type { Session } from '../../models/user.ts'

const FOR_MS = 2000
const MOST = 5000

const remembered = new Map<string, { session: Session; until: number }>()

/**
 * The session of a customer that this process has read within the last two seconds: a checkout asks ten times in a
 * row who calls. Only customers': theirs are never taken away, and what they may see only grows, so a caller who
 * misses something there reads again. Staff are looked up every time.
 */
export function recall(hash: string): Session | null {
  const found = remembered.get(hash)
  if (!found) return null
  if (found.until > Date.now() && found.session.expiresAt.getTime() > Date.now()) return found.session
  remembered.delete(hash)
  return null
}

export function remember(session: Session): void {
  // The oldest goes first: a map keeps the order in which things were put in.
  if (remembered.size >= MOST) remembered.delete(remembered.keys().next().value ?? '')
  remembered.set(session.hash, { session, until: Date.now() + FOR_MS })
}

export const forget = (hash: string): boolean => remembered.delete(hash)

/** Forgets all: whoever changes sessions behind this program's back says so. */
export const forgetSessions = (): void => remembered.clear()
