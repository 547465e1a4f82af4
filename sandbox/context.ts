import type { Clock } from './clock.ts'
import type { Faults } from './faults.ts'

/** What every simulated platform is given. */
export interface SandboxContext {
  faults: Faults
  clock: Clock
  /** Where Parley is reached, without a slash at the end: webhooks and returns go there. */
  parleyUrl: string
  /** A folder for what must outlive a restart; without one everything stays in memory. */
  dataDir: string | undefined
  /** Where this sandbox is reached, without a slash at the end. Known once it listens. */
  url(): string
}

/** The address of Parley or of this machine: plain http is tolerated there and nowhere else. */
export function isLoopback(address: URL): boolean {
  const host = address.hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || host === '::1' || host.startsWith('127.') || host.endsWith('.localhost')
}
