import { type Attempt, Refused } from '../../gateway.ts'
import type { KomojuClient } from './client.ts'
import type { Both } from './find.ts'

/**
 * Closes what of an attempt is still open: the page, and the code that it issued. 422 says that it is over already,
 * one way or the other; the caller reads which.
 */
export async function closeSession(
  client: KomojuClient,
  attempt: Attempt,
  { session, payment }: Both,
): Promise<void> {
  if (payment?.status === 'authorized' || payment?.status === 'pending') {
    await close(client, `/payments/${payment.id}/cancel`, attempt)
  }
  if (session?.status === 'pending') await close(client, `/sessions/${session.id}/cancel`, attempt)
}

async function close(client: KomojuClient, path: string, { id }: Attempt): Promise<void> {
  try {
    await client.post(path, {}, `${id}:${path.split('/')[1]}:cancel`)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
}
