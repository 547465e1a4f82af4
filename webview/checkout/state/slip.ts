import { Refusal } from './api.ts'

/** Longer than other requests: a photograph on a slow line. */
const PATIENCE = 60_000

/** Sends the picture of a slip as it is. Throws a Refusal, whatever went wrong. */
export async function sendSlip(orderId: string, file: Blob): Promise<void> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), PATIENCE)
  try {
    const response = await fetch(`/api/payments/${orderId}/slip`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': file.type || 'application/octet-stream' },
      body: file,
      signal: controller.signal,
    })
    if (response.ok) return
    const answer = (await response.json().catch(() => null)) as {
      error?: { code: string; message: string }
    } | null
    throw new Refusal(
      answer?.error?.code ?? 'server.failed',
      response.status,
      answer?.error?.message ?? '',
      null,
    )
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('offline', 0, '', null)
  } finally {
    clearTimeout(timer)
  }
}
