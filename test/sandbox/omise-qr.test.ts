import assert from 'node:assert/strict'
import sharp from 'sharp'
import { promptPayPayload, qrPng, qrSvg, withCrc } from '../../sandbox/omise/promptpay.ts'

/** Cuts tag-length-value text into its fields, as a banking app does. */
function fields(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (let at = 0; at < text.length; ) {
    const length = Number(text.slice(at + 2, at + 4))
    found.set(text.slice(at, at + 2), text.slice(at + 4, at + 4 + length))
    at += 4 + length
  }
  return found
}

describe('the PromptPay code of the simulated Omise', () => {
  it('ends in the checksum of the standard', () => {
    const open = '00020101021129370016A000000677010111011300668012345675802TH5303764'
    assert.equal(withCrc(open), `${open}63046197`)
  })

  it('names biller, reference, baht and country, for one use', () => {
    const payload = promptPayPayload(30005, 'paym_test_abc123')
    const all = fields(payload)
    assert.equal(all.get('01'), '12')
    assert.equal(all.get('53'), '764')
    assert.equal(all.get('54'), '300.05')
    assert.equal(all.get('58'), 'TH')
    const biller = fields(all.get('30') ?? '')
    assert.equal(biller.get('00'), 'A000000677010112')
    assert.equal(biller.get('01')?.length, 15)
    assert.equal(biller.get('02'), 'PAYMTESTABC123')
    assert.equal(withCrc(payload.slice(0, -8)), payload)
  })

  it('is the same picture as SVG and as PNG', async () => {
    const payload = promptPayPayload(2000, 'paym_test_x')
    const [png, svg] = await Promise.all(
      [qrPng(payload), Buffer.from(qrSvg(payload))].map((image) =>
        sharp(image)
          .resize(200, 200, { kernel: 'nearest' })
          .flatten()
          .greyscale()
          .threshold()
          .raw()
          .toBuffer(),
      ),
    )
    assert.ok(png && svg)
    const different = png.reduce((count, pixel, at) => count + (pixel === svg[at] ? 0 : 1), 0)
    assert.ok(different < png.length / 100, `${different} of ${png.length} pixels differ`)
  })
})
