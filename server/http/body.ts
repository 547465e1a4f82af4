import type { IncomingMessage } from 'node:http'
import { AppError } from './errors.ts'

const MEGABYTE = 1024 * 1024
const PATIENCE = 16 * MEGABYTE
/** Deeper or longer than anything an honest client sends; checked before parsing, so that a bomb costs nothing. */
const DEEPEST = 32
const MOST_VALUES = 50_000

/**
 * Reads a request's raw bytes, at most `limit` of them (1 MB by default). Compressed bodies are refused: what they
 * unpack to is not known before it is too late.
 */
export async function readBytes(request: IncomingMessage, limit = MEGABYTE): Promise<Buffer> {
  const encoding = request.headers['content-encoding']
  if (encoding && encoding !== 'identity') {
    throw new AppError('body.compressed', 'Send the body uncompressed.', { status: 415 })
  }
  // What nobody would wait for is refused before it comes.
  if (Number(request.headers['content-length']) > limit + PATIENCE) throw tooLarge(limit)
  return collect(request, limit)
}

/** Reads a JSON body; nothing at all counts as `{}`. */
export async function readJson(request: IncomingMessage, limit?: number): Promise<unknown> {
  const bytes = await readBytes(request, limit)
  if (bytes.length === 0) return {}
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new AppError('body.type', 'Send JSON, with the header Content-Type: application/json.', {
      status: 415,
    })
  }
  return parseJson(bytes)
}

/** Parses JSON that a stranger wrote: refuses bombs, bytes that are no UTF-8, and keys that reach for prototypes. */
function parseJson(bytes: Buffer): unknown {
  measure(bytes)
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new AppError('body.json', 'The body is not valid JSON. Correct it and send it again.', { cause })
  }
  // Only a body that spells the name, or that could by escapes, is worth walking through.
  if (bytes.includes('__proto__') || bytes.includes('\\u')) refusePrototypes(parsed)
  return parsed
}

/** By events rather than `for await`, which would close the connection before the refusal is sent. */
function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) {
        chunks.push(chunk)
        return
      }
      chunks.length = 0
      reject(tooLarge(limit))
      // What is still on its way is let through for a while: a client that is cut off never reads its refusal.
      if (size > limit + PATIENCE) request.destroy()
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('error', reject)
  })
}

function tooLarge(limit: number): AppError {
  const size = limit >= MEGABYTE ? `${Math.floor(limit / MEGABYTE)} MB` : `${Math.floor(limit / 1024)} KB`
  return new AppError('body.too_large', `The body is too large: send at most ${size}.`, { status: 413 })
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

function measure(bytes: Buffer): void {
  let depth = 0
  let values = 0
  let quoted = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (quoted) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) quoted = false
    } else if (byte === QUOTE) quoted = true
    else if (byte === COMMA) values += 1
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1
    if (depth > DEEPEST || values > MOST_VALUES) {
      throw new AppError('body.too_complex', 'The body is nested too deeply or lists too much: send less.')
    }
  }
}

function refusePrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, '__proto__')) {
    throw new AppError('body.key', 'The key "__proto__" is not allowed in a body.')
  }
  for (const inner of Object.values(value)) refusePrototypes(inner)
}
