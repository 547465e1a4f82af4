import { Refused } from '../channel.ts'

/** Reads a body up to `largest` bytes. Throws `Refused` for a larger one, and an Error when the connection was cut. */
export async function collect(response: Response, largest: number, platform: string): Promise<Buffer> {
  const announced = Number(response.headers.get('content-length') ?? 0)
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    if (announced > largest) throw tooLarge(largest, platform)
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > largest) throw tooLarge(largest, platform)
      chunks.push(chunk)
    }
  } finally {
    // What is not wanted need not arrive.
    if (size > largest || announced > largest) await response.body?.cancel().catch(() => undefined)
  }
  if (size < announced) throw new Error('the connection was cut')
  return Buffer.concat(chunks)
}

const tooLarge = (largest: number, platform: string) =>
  new Refused('other', `It is larger than ${largest / 1024 / 1024} MB, so it stays in ${platform}'s own app`)

/** The type without its parameters. */
export const typeOf = (response: Response): string =>
  (response.headers.get('content-type') ?? 'application/octet-stream').split(';')[0]?.trim() ??
  'application/octet-stream'
