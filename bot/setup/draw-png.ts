// A process of its own: reads an SVG from its input and writes a PNG to its output. What drawing takes in memory
// goes with it; kept in the shop's process it would be half as much again as the shop needs at rest.
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'

const picture = await sharp(await buffer(process.stdin))
  .png({ palette: true, quality: 90 })
  .toBuffer()
process.stdout.end(picture)
