import { randomBytes, randomInt } from 'node:crypto'

/** User, group and room ids are a letter and 32 hex digits. */
export const newUserId = (): string => `U${randomBytes(16).toString('hex')}`
export const newGroupId = (): string => `C${randomBytes(16).toString('hex')}`

export const isReceiver = (id: unknown): id is string =>
  typeof id === 'string' && /^[UCR][0-9a-f]{32}$/.test(id)
export const isUserId = (id: unknown): id is string => typeof id === 'string' && /^U[0-9a-f]{32}$/.test(id)

let lastMessage = 0n

/** Digits only, longer than a JavaScript number can hold exactly, and growing: as LINE's are. */
export function newMessageId(now: number): string {
  const candidate = BigInt(now) * 1_000_000n + BigInt(randomInt(1_000_000))
  lastMessage = candidate > lastMessage ? candidate : lastMessage + 1n
  return String(lastMessage).slice(-18)
}

export const newReplyToken = (): string => randomBytes(16).toString('hex')
export const newToken = (bytes = 32): string => randomBytes(bytes).toString('base64url')
export const newRichMenuId = (): string => `richmenu-${randomBytes(16).toString('hex')}`

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID: 48 bits of time and 80 bits of chance, as `webhookEventId` is. */
export function newEventId(now: number): string {
  let value = (BigInt(now) << 80n) | BigInt(`0x${randomBytes(10).toString('hex')}`)
  let text = ''
  for (let place = 0; place < 26; place++) {
    text = CROCKFORD[Number(value & 31n)] + text
    value >>= 5n
  }
  return text
}
