import { crc32, deflateSync } from 'node:zlib'
import { encode, renderSVG } from 'uqr'

/** A tax id with a suffix, as a Thai bank gives to those who collect bills. */
const BILLER = '010753600031501'

const field = (id: string, value: string): string => `${id}${String(value.length).padStart(2, '0')}${value}`

/** Closes an EMVCo payload with its CRC (CCITT-FALSE over all of it, the CRC's own tag and length included). */
export function withCrc(payload: string): string {
  const open = `${payload}6304`
  let crc = 0xffff
  for (const byte of Buffer.from(open)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
    crc &= 0xffff
  }
  return open + crc.toString(16).toUpperCase().padStart(4, '0')
}

/** What a Thai banking app reads: a bill payment (tag 30) for one use, with its amount. `amount` is in satang. */
export function promptPayPayload(amount: number, reference: string): string {
  const baht = `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
  const ref = reference.replace(/[^0-9A-Za-z]/g, '').toUpperCase()
  return withCrc(
    field('00', '01') +
      field('01', '12') +
      field('30', field('00', 'A000000677010112') + field('01', BILLER) + field('02', ref.slice(-18))) +
      field('53', '764') +
      field('54', baht) +
      field('58', 'TH'),
  )
}

export const qrSvg = (payload: string): string => renderSVG(payload, { ecc: 'M', border: 4, pixelSize: 10 })

/** The same code as a one-bit PNG, ten pixels to a module. */
export function qrPng(payload: string): Buffer {
  const { size, data } = encode(payload, { ecc: 'M', border: 4 })
  const scale = 10
  const width = size * scale
  const row = Math.ceil(width / 8) + 1
  const pixels = Buffer.alloc(row * width)
  for (let y = 0; y < width; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const dark = data[Math.floor(y / scale)]?.[Math.floor(x / scale)]
      const at = y * row + 1 + (x >> 3)
      if (!dark) pixels[at] = (pixels[at] ?? 0) | (0x80 >> (x & 7))
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(width, 4)
  header[8] = 1
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
