/** One mail, decoded. */
export interface ReadMail {
  from: string
  to: string[]
  cc: string[]
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  attachments: { name: string; contentType: string; bytes: Buffer; contentId?: string }[]
}

interface Part {
  headers: Map<string, string>
  body: Buffer
}

/** Reads a MIME message: multipart in any depth, base64, quoted-printable, encoded words. */
export function readMail(raw: Buffer): ReadMail {
  const root = split(raw)
  const header = (name: string) => decodeWords(root.headers.get(name) ?? '')
  const mail: ReadMail = {
    from: header('from'),
    to: addresses(header('to')),
    cc: addresses(header('cc')),
    subject: header('subject'),
    text: '',
    html: '',
    headers: Object.fromEntries([...root.headers].map(([name, value]) => [name, decodeWords(value)])),
    attachments: [],
  }
  collect(root, mail)
  return mail
}

function collect(part: Part, mail: ReadMail): void {
  const type = parameters(part.headers.get('content-type') ?? 'text/plain')
  if (type.value.startsWith('multipart/') && type.named['boundary']) {
    for (const piece of pieces(part.body, type.named['boundary'])) collect(split(piece), mail)
    return
  }
  const bytes = decodeTransfer(part.body, part.headers.get('content-transfer-encoding') ?? '')
  const disposition = parameters(part.headers.get('content-disposition') ?? '')
  const isAttachment = disposition.value === 'attachment' || part.headers.has('content-id')
  if (!isAttachment && type.value === 'text/plain') mail.text += decodeText(bytes, type.named['charset'])
  else if (!isAttachment && type.value === 'text/html') mail.html += decodeText(bytes, type.named['charset'])
  else {
    const contentId = part.headers.get('content-id')?.replace(/^<|>$/g, '')
    mail.attachments.push({
      name: decodeWords(disposition.named['filename'] ?? type.named['name'] ?? 'file'),
      contentType: type.value,
      bytes,
      ...(contentId ? { contentId } : {}),
    })
  }
}

/** Headers and body, apart; folded lines are put together again. */
function split(raw: Buffer): Part {
  const text = raw.toString('latin1')
  const gap = /\r?\n\r?\n/.exec(text)
  const head = gap ? text.slice(0, gap.index) : text
  const body = gap ? raw.subarray(gap.index + gap[0].length) : Buffer.alloc(0)
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    // A header may hold UTF-8 as it is (SMTPUTF8).
    const value = Buffer.from(line.slice(colon + 1).trim(), 'latin1').toString('utf8')
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), value)
  }
  return { headers, body }
}

function pieces(body: Buffer, boundary: string): Buffer[] {
  const text = body.toString('latin1')
  const inner = text.split(new RegExp(`(?:^|\\r?\\n)--${escapePattern(boundary)}(?:--)?[ \\t]*(?:\\r?\\n|$)`))
  // The first piece is the preamble, the last what follows the end.
  return inner.slice(1, -1).map((piece) => Buffer.from(piece, 'latin1'))
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** `value; name=text; name*=utf-8''text`, as in Content-Type; `name*0=` … are joined. */
function parameters(header: string): { value: string; named: Record<string, string> } {
  const [value = '', ...rest] = header.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)
  const named: Record<string, string> = {}
  for (const piece of rest) {
    const found = /^\s*([\w-]+)(?:\*\d+)?(\*)?\s*=\s*"?(.*?)"?\s*$/.exec(piece)
    if (!found) continue
    const [, name = '', extended, text = ''] = found
    const plain = extended ? decodeURIComponent(text.replace(/^[\w-]*'[\w-]*'/, '')) : text
    named[name.toLowerCase()] = (named[name.toLowerCase()] ?? '') + plain
  }
  return { value: value.trim().toLowerCase(), named }
}

function decodeTransfer(body: Buffer, encoding: string): Buffer {
  const text = body.toString('latin1')
  const how = encoding.toLowerCase()
  if (how === 'base64') return Buffer.from(text, 'base64')
  if (how === 'quoted-printable') return unquote(text.replace(/=[ \t]*\r?\n/g, ''))
  return body
}

const unquote = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )

function decodeText(bytes: Buffer, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return bytes.toString('utf8')
  }
}

/** `=?utf-8?B?…?=` and `=?utf-8?Q?…?=`; the gap between two of them is not part of the text. */
function decodeWords(text: string): string {
  return text
    .replace(/(=\?[^?]+\?[BQ]\?[^?]*\?=)\s+(?==\?[^?]+\?[BQ]\?)/gi, '$1')
    .replace(/=\?([^?]+)\?([BQ])\?([^?]*)\?=/gi, (_, charset: string, how: string, word: string) => {
      const bytes =
        how.toUpperCase() === 'B' ? Buffer.from(word, 'base64') : unquote(word.replaceAll('_', ' '))
      return decodeText(bytes, charset)
    })
}

/** The bare addresses of a To or Cc line. */
export function addresses(line: string): string[] {
  return line
    .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((part) => (/<([^<>]+)>/.exec(part)?.[1] ?? part).trim())
    .filter((address) => address !== '')
}
