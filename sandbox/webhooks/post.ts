/** What came of posting: a status, or why there was none. */
export interface Posted {
  status: number | null
  error: string | null
}

/** Posts to the shop, which has 10 s to answer; no redirect is followed. Never throws. */
export async function post(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string | URLSearchParams },
): Promise<Posted> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    })
    await response.arrayBuffer()
    return { status: response.status, error: null }
  } catch (cause) {
    return { status: null, error: cause instanceof Error ? cause.message : String(cause) }
  }
}
