import type { Router } from 'express'
import type { SandboxContext } from '../../sandbox/context.ts'
import { type PlatformSandbox, startPlatform } from './platform-sandbox.ts'

export type BankSandbox<Handle> = PlatformSandbox<Handle>

/** One simulated bank: it calls nobody. */
export const startBank = <Handle extends object>(
  prefix: string,
  make: (context: SandboxContext) => { router: Router; handle: Handle },
): Promise<BankSandbox<Handle>> => startPlatform({ prefix, webhooks: '/never', make })

/** What the customer presses on a bank's hosted page; where they are sent then. */
export async function press(
  page: string,
  action: 'pay' | 'decline' | 'cancel' | 'leave',
): Promise<string | null> {
  const response = await fetch(page, {
    method: 'POST',
    body: new URLSearchParams({ action }),
    redirect: 'manual',
  })
  return response.headers.get('location')
}
