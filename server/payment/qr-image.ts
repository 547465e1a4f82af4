import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'uqr'

const MODULE = 8
const QUIET_ZONE = 4

/** The QR of a text as a `data:` address of a one-bit PNG: about a kilobyte, and every chat and browser shows it. */
export const qrImage = (text: string): string => `data:image/png;base64,${qrPng(text).toString('base64')}`

/** The QR of a text as a PNG, with the quiet zone that scanners need. */
export function qrPng(text: string): Buffer {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  const side = size * MODULE
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  // One bit a pixel, grey: the smallest that there is.
  header[8] = 1
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels(data, side))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Rows of bits, each behind the byte that names its filter: none. A set bit is white. */
function pixels(modules: boolean[][], side: number): Buffer {
  const rows = modules.flatMap((cells) => {
    const row = Buffer.alloc(1 + Math.ceil(side / 8))
    for (let x = 0; x < side; x += 1) {
      const at = 1 + (x >> 3)
      if (!cells[Math.floor(x / MODULE)]) row[at] = (row[at] ?? 0) | (0x80 >> (x & 7))
    }
    return Array.from({ length: MODULE }, () => row)
  })
  return Buffer.concat(rows)
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
