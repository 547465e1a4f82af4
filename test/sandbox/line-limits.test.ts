import assert from 'node:assert/strict'
import { type LineWorld, type Refused, refused, startLine } from '../support/line-sandbox.ts'

type Fields = Record<string, unknown>

const text = { type: 'text', text: 'hello' }
const open = { type: 'uri', label: 'Open', uri: 'https://shop.example.com/' }
const bubble = (contents: unknown[], more: Fields = {}) => ({
  type: 'bubble',
  body: { type: 'box', layout: 'vertical', contents },
  ...more,
})
const flex = (contents: unknown) => ({ type: 'flex', altText: 'A card', contents })
const template = (fields: Fields) => ({ type: 'template', altText: 'A card', template: fields })
const quickReply = (count: number) => ({
  items: Array.from({ length: count }, () => ({ type: 'action', action: open })),
})

describe("the simulated LINE's limits", () => {
  let world: LineWorld

  before(async () => {
    world = await startLine()
  })
  after(() => world.close())

  const check = (...messages: unknown[]) => world.client.validatePush({ messages: messages as never })
  const problem = async (...messages: unknown[]): Promise<Refused['body']> => {
    const { status, body } = await refused(check(...messages))
    assert.equal(status, 400)
    return body
  }
  /** Where the platform says that the fault lies. */
  const blamed = async (...messages: unknown[]): Promise<string[]> =>
    ((await problem(...messages)).details ?? []).map(({ property }) => property)

  it('lets a well-made message of every kind through', async () => {
    const url = 'https://shop.example.com/a.jpg'
    const media = { originalContentUrl: url, previewImageUrl: url }
    await check(
      text,
      { type: 'image', ...media },
      { type: 'video', ...media },
      { type: 'sticker', packageId: '446', stickerId: '1988' },
    )
    await check({ type: 'audio', originalContentUrl: url, duration: 1000 })
    await check({ type: 'location', title: 'Shop', address: 'Rama I', latitude: 13.7, longitude: 100.5 })
    await check(template({ type: 'confirm', text: 'Sure?', actions: [open, open] }))
    await check(template({ type: 'buttons', title: 'Rice', text: 'With mango', actions: [open] }))
    await check({
      type: 'imagemap',
      altText: 'Map',
      baseUrl: 'https://shop.example.com/map',
      baseSize: { width: 1040, height: 700 },
      actions: [{ type: 'message', text: 'hi', area: { x: 0, y: 0, width: 100, height: 100 } }],
    })
    await check({ ...text, quickReply: quickReply(13), sender: { name: 'Nok' } })
    assert.equal(world.line.calls().at(-1)?.status, 200)
  })

  it('counts a text in UTF-16 units: 5000 and no more', async () => {
    await check({ type: 'text', text: '🙏'.repeat(2500) })
    const long = await problem({ type: 'text', text: '🙏'.repeat(2501) })
    assert.equal(long.message, 'The request body has 1 error(s)')
    assert.deepEqual(long.details, [
      { message: 'Length must be between 1 and 5000', property: 'messages[0].text' },
    ])
  })

  it('says where each fault is', async () => {
    assert.deepEqual(await blamed({ type: 'text', text: '' }, { type: 'image' }, { type: 'song' }), [
      'messages[0].text',
      'messages[1].originalContentUrl',
      'messages[1].previewImageUrl',
      'messages[2].type',
    ])
  })

  it('takes one to five messages', async () => {
    assert.deepEqual(await blamed(), ['messages'])
    assert.deepEqual(await blamed(text, text, text, text, text, text), ['messages'])
  })

  it('takes pictures by https, or by http from this machine', async () => {
    const picture = (originalContentUrl: string) => ({
      type: 'image',
      originalContentUrl,
      previewImageUrl: 'https://shop.example.com/a.jpg',
    })
    await check(picture('http://localhost:3000/a.jpg'))
    const plain = await problem(picture('http://shop.example.com/a.jpg'))
    assert.equal(plain.details?.[0]?.message, 'invalid uri scheme')
    assert.deepEqual(await blamed(picture('https://shop.example.com/ภาพ.jpg')), [
      'messages[0].originalContentUrl',
    ])
    assert.deepEqual(await blamed(picture(`https://shop.example.com/${'a'.repeat(2000)}`)), [
      'messages[0].originalContentUrl',
    ])
  })

  it('wants alternative text of at most 1500', async () => {
    const card = flex(bubble([text]))
    await check({ ...card, altText: 'x'.repeat(1500) })
    assert.deepEqual(await blamed({ ...card, altText: 'x'.repeat(1501) }), ['messages[0].altText'])
    assert.deepEqual(await blamed({ ...card, altText: '' }), ['messages[0].altText'])
  })

  it('takes quick replies on the last message only, and 13 of them', async () => {
    assert.deepEqual(await blamed({ ...text, quickReply: quickReply(1) }, text), ['messages[0].quickReply'])
    assert.deepEqual(await blamed({ ...text, quickReply: quickReply(14) }), ['messages[0].quickReply.items'])
  })

  it('knows what an action may be', async () => {
    const button = (action: Fields) => template({ type: 'buttons', text: 'Choose', actions: [action] })
    const at = 'messages[0].template.actions[0]'
    const long = 'x'.repeat(301)
    assert.deepEqual(await blamed(button({ ...open, label: 'x'.repeat(21) })), [`${at}.label`])
    assert.deepEqual(await blamed(button({ ...open, uri: 'javascript:alert(1)' })), [`${at}.uri`])
    assert.deepEqual(await blamed(button({ ...open, uri: 'shop.example.com' })), [`${at}.uri`])
    await check(button({ ...open, uri: 'tel:+6621234567' }))
    assert.deepEqual(await blamed(button({ type: 'postback', label: 'A', data: long })), [`${at}.data`])
    assert.deepEqual(await blamed(button({ type: 'message', label: 'A', text: long })), [`${at}.text`])
    assert.deepEqual(
      await blamed(button({ type: 'postback', label: 'A', data: 'a', displayText: 'b', text: 'c' })),
      [`${at}.text`],
    )
    assert.deepEqual(await blamed(button({ type: 'location', label: 'A' })), [`${at}.type`])
    assert.deepEqual(
      await blamed(
        button({ type: 'datetimepicker', label: 'A', data: 'a', mode: 'date', initial: '1.2.2026' }),
      ),
      [`${at}.initial`],
    )
  })

  it('wants the columns of a carousel alike', async () => {
    const column = { text: 'Rice', actions: [open] }
    await check(template({ type: 'carousel', columns: [column, column] }))
    assert.deepEqual(
      await blamed(template({ type: 'carousel', columns: [column, { ...column, actions: [open, open] }] })),
      ['messages[0].template.columns'],
    )
    assert.deepEqual(
      await blamed(template({ type: 'carousel', columns: [column, { ...column, title: 'Mango' }] })),
      ['messages[0].template.columns'],
    )
    assert.deepEqual(
      await blamed(template({ type: 'buttons', title: 'Mango', text: 'x'.repeat(61), actions: [open] })),
      ['messages[0].template.text'],
    )
  })

  it('looks into substitutions and the link behind an imagemap video', async () => {
    const emoji = { type: 'emoji', productId: '5ac1bfd5040ab15980c9b435', emojiId: '001' }
    const mention = { type: 'mention', mentionee: { type: 'user', userId: `U${'0'.repeat(32)}` } }
    await check({ type: 'textV2', text: '{a} and {b}', substitution: { a: emoji, b: mention } })
    const broken = {
      a: { type: 'emoji', productId: 'x' },
      b: { type: 'mention', mentionee: { type: 'cat' } },
    }
    assert.deepEqual(await blamed({ type: 'textV2', text: '{a} and {b}', substitution: broken }), [
      'messages[0].substitution.a.productId',
      'messages[0].substitution.a.emojiId',
      'messages[0].substitution.b.mentionee.type',
    ])
    const url = 'https://shop.example.com/a'
    const area = { x: 0, y: 0, width: 100, height: 100 }
    const video = { originalContentUrl: url, previewImageUrl: url, area, externalLink: { linkUri: 'nope' } }
    const imagemap = {
      type: 'imagemap',
      altText: 'Map',
      baseUrl: url,
      baseSize: { width: 1040, height: 700 },
      actions: [{ type: 'message', text: 'hi', area }],
    }
    assert.deepEqual(await blamed({ ...imagemap, video }), [
      'messages[0].video.externalLink.linkUri',
      'messages[0].video.externalLink.label',
    ])
  })

  it('refuses a sender who calls himself LINE', async () => {
    assert.deepEqual(await blamed({ ...text, sender: { name: 'LINE Pay' } }), ['messages[0].sender.name'])
  })

  describe('on a Flex card', () => {
    it('say so of the message, and where inside the card', async () => {
      const body = await problem(text, flex(bubble([{ type: 'text', text: 'Hi', color: 'red' }])))
      assert.equal(body.message, 'A message (messages[1]) in the request body is invalid')
      assert.deepEqual(body.details, [{ message: 'invalid property', property: '/body/contents/0/color' }])
    })

    it('let a rich card through', async () => {
      const image = {
        type: 'image',
        url: 'https://shop.example.com/a.png',
        size: 'full',
        aspectRatio: '20:13',
      }
      const row = {
        type: 'box',
        layout: 'baseline',
        spacing: 'sm',
        contents: [
          { type: 'icon', url: 'https://shop.example.com/i.png', size: 'sm' },
          { type: 'text', text: 'Rice', flex: 2, weight: 'bold', color: '#0b6b4fff' },
          { type: 'filler' },
        ],
      }
      const spans = {
        type: 'text',
        wrap: true,
        contents: [
          { type: 'span', text: '฿', size: 'xs' },
          { type: 'span', text: '120' },
        ],
      }
      const box = {
        type: 'box',
        layout: 'horizontal',
        paddingAll: '4px',
        cornerRadius: 'md',
        contents: [spans, { type: 'separator' }],
      }
      const button = {
        type: 'button',
        style: 'primary',
        height: 'sm',
        action: { ...open, label: 'x'.repeat(40) },
      }
      await check(
        flex(
          bubble([row, box, button], { size: 'mega', hero: image, styles: { body: { separator: true } } }),
        ),
      )
      await check(flex({ type: 'carousel', contents: Array.from({ length: 12 }, () => bubble([text])) }))
    })

    it('want one block at least', async () => {
      const empty = await problem(flex({ type: 'bubble' }))
      assert.deepEqual(empty.details, [{ message: 'At least one block must be specified', property: '/' }])
    })

    it('allow in a box only what its layout can hold', async () => {
      const inside = (layout: string, child: Fields) =>
        flex({ type: 'bubble', body: { type: 'box', layout, contents: [child] } })
      assert.deepEqual(await blamed(inside('baseline', { type: 'button', action: open })), [
        '/body/contents/0',
      ])
      assert.deepEqual(
        await blamed(inside('vertical', { type: 'icon', url: 'https://shop.example.com/i.png' })),
        ['/body/contents/0'],
      )
      assert.deepEqual(await blamed(inside('vertical', { type: 'spacer' })), ['/body/contents/0'])
      assert.deepEqual(await blamed(inside('vertical', { type: 'span', text: 'a' })), ['/body/contents/0'])
      assert.deepEqual(await blamed(flex({ type: 'bubble', body: text })), ['/body'])
      assert.deepEqual(await blamed(flex(bubble([text], { hero: text }))), ['/hero'])
    })

    it('do not let a misspelt property pass', async () => {
      const misspelt = await problem(flex(bubble([{ ...text, colour: '#000000' }])))
      assert.deepEqual(misspelt.details, [{ message: 'unknown field', property: '/body/contents/0/colour' }])
    })

    it('want texts and labels filled in', async () => {
      assert.deepEqual(await blamed(flex(bubble([{ type: 'text', text: '' }]))), ['/body/contents/0/text'])
      assert.deepEqual(await blamed(flex(bubble([{ type: 'text' }]))), ['/body/contents/0/text'])
      const nameless = { type: 'uri', uri: 'https://shop.example.com/' }
      assert.deepEqual(await blamed(flex(bubble([{ type: 'button', action: nameless }]))), [
        '/body/contents/0/action/label',
      ])
      assert.deepEqual(await blamed(flex(bubble([{ type: 'button' }]))), ['/body/contents/0/action'])
    })

    it('hold for sizes, ratios and pictures', async () => {
      const image = (more: Fields) =>
        flex(bubble([{ type: 'image', url: 'https://shop.example.com/a.png', ...more }]))
      await check(image({ size: '40%', aspectRatio: '1:3' }))
      assert.deepEqual(await blamed(image({ size: 'huge' })), ['/body/contents/0/size'])
      assert.deepEqual(await blamed(image({ aspectRatio: '1:3.1' })), ['/body/contents/0/aspectRatio'])
      assert.deepEqual(await blamed(image({ url: 'http://shop.example.com/a.png' })), [
        '/body/contents/0/url',
      ])
      assert.deepEqual(await blamed(image({ flex: -1 })), ['/body/contents/0/flex'])
    })

    it('stop at 30 KB for a bubble, 50 KB and 12 bubbles of one size for a carousel', async () => {
      const heavy = (kilobytes: number) => bubble([{ ...text, text: 'ก'.repeat((kilobytes * 1024) / 3) }])
      await check(flex(heavy(29)))
      assert.match((await problem(flex(heavy(31)))).details?.[0]?.message ?? '', /^Too large flex message/)
      const both = { type: 'carousel', contents: [heavy(26), heavy(26)] }
      assert.match((await problem(flex(both))).details?.[0]?.message ?? '', /50 KB/)
      const many = { type: 'carousel', contents: Array.from({ length: 13 }, () => bubble([text])) }
      assert.deepEqual(await blamed(flex(many)), ['/contents'])
      const mixed = { type: 'carousel', contents: [bubble([text], { size: 'kilo' }), bubble([text])] }
      assert.deepEqual(await blamed(flex(mixed)), ['/contents'])
    })
  })
})
