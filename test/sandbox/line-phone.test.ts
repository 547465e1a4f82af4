import assert from 'node:assert/strict'
import sharp from 'sharp'
import { type LineWorld, refused, startLine } from '../support/line-sandbox.ts'

describe('the simulated phone', () => {
  let world: LineWorld

  before(async () => {
    world = await startLine()
  })
  after(() => world.close())

  const sim = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${world.url}/__sim/line${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const newPerson = async (): Promise<string> =>
    String(
      (await sim('POST', '/users', { displayName: 'Somchai', language: 'th', follow: true })).body['userId'],
    )

  it('can be used with nothing but HTTP', async () => {
    const userId = await newPerson()
    assert.equal(world.events().at(-1)?.type, 'follow')
    await sim('POST', `/users/${userId}/messages`, { text: 'สวัสดี' })
    assert.equal(world.events().at(-1)?.message?.text, 'สวัสดี')
    await sim('POST', `/users/${userId}/postback`, { data: 'menu', displayText: 'Show the menu' })
    assert.equal(world.events().at(-1)?.postback?.data, 'menu')
    const { body } = await sim('GET', `/users/${userId}/chat`)
    const entries = body['entries'] as { from: string; message: { text: string } }[]
    assert.deepEqual(
      entries.map(({ from, message }) => `${from}: ${message.text}`),
      ['note: followed', 'user: สวัสดี', 'user: Show the menu'],
    )
    await sim('POST', `/users/${userId}/unfollow`)
    assert.equal((await sim('POST', `/users/${userId}/messages`, { text: 'hello' })).status, 409)
  })

  it('says what is wrong with a request', async () => {
    assert.equal((await sim('POST', '/users', { name: 'Somchai' })).status, 400)
    assert.equal((await sim('GET', '/users/nobody/chat')).status, 404)
  })

  it('takes any file that is sent', async () => {
    const userId = await newPerson()
    const response = await fetch(`${world.url}/__sim/line/users/${userId}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', 'x-file-name': 'a.png' },
      body: 'picture',
    })
    const { messageId } = (await response.json()) as { messageId: string }
    assert.equal(world.events().at(-1)?.message?.type, 'image')
    assert.equal(await (await fetch(`${world.url}/__sim/line/media/${messageId}`)).text(), 'picture')
  })

  it('shows what changes, as it changes', async () => {
    const userId = await newPerson()
    const response = await fetch(`${world.url}/__sim/line/users/${userId}/stream`)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    assert.ok(reader)
    await reader.read()
    await world.client.pushMessage({ to: userId, messages: [{ type: 'text', text: 'Here you are' }] })
    const { value } = await reader.read()
    assert.match(String(value), /Here you are/)
    await reader.cancel()
  })

  describe('with a rich menu', () => {
    const menu = {
      size: { width: 1200, height: 405 },
      selected: true,
      name: 'Main',
      chatBarText: 'Menu',
      areas: [
        {
          bounds: { x: 0, y: 0, width: 600, height: 405 },
          action: { type: 'postback' as const, label: 'Orders', data: 'orders' },
        },
      ],
    }
    const picture = async (width: number, height: number) => {
      const png = await sharp({ create: { width, height, channels: 3, background: '#0b6b4f' } })
        .png()
        .toBuffer()
      return new Blob([new Uint8Array(png)], { type: 'image/png' })
    }

    it('shows it once it has its picture and is given to everybody', async () => {
      const userId = await newPerson()
      const { richMenuId } = await world.client.createRichMenu(menu)
      const early = await refused(world.client.setDefaultRichMenu(richMenuId))
      assert.equal(early.body.message, 'must upload richmenu image before applying it to user')
      assert.equal(
        (await refused(world.blobs.setRichMenuImage(richMenuId, await picture(300, 300)))).status,
        400,
      )
      await world.blobs.setRichMenuImage(richMenuId, await picture(1200, 405))
      await world.client.setDefaultRichMenu(richMenuId)
      assert.equal((await world.client.getDefaultRichMenuId()).richMenuId, richMenuId)
      assert.equal((world.line.view(userId).richMenu as { name: string }).name, 'Main')
      assert.equal((await world.client.getRichMenuList()).richmenus.length, 1)
      await world.client.deleteRichMenu(richMenuId)
      assert.equal(world.line.view(userId).richMenu, null)
    })

    it('switches to another by its alias', async () => {
      const userId = await newPerson()
      const { richMenuId } = await world.client.createRichMenu({ ...menu, name: 'Other' })
      await world.blobs.setRichMenuImage(richMenuId, await picture(1200, 405))
      await world.client.createRichMenuAlias({ richMenuAliasId: 'other', richMenuId })
      await sim('POST', `/users/${userId}/switch-menu`, { richMenuAliasId: 'other', data: 'switched' })
      assert.equal((world.line.view(userId).richMenu as { name: string }).name, 'Other')
      assert.deepEqual(world.events().at(-1)?.postback?.params, {
        newRichMenuAliasId: 'other',
        status: 'SUCCESS',
      })
    })

    it('refuses one that breaks the limits', async () => {
      const wrong = await refused(
        world.client.createRichMenu({
          ...menu,
          chatBarText: 'x'.repeat(15),
          size: { width: 700, height: 405 },
        }),
      )
      assert.deepEqual(
        wrong.body.details?.map(({ property }) => property),
        ['size.width', 'chatBarText'],
      )
      assert.equal(
        (await refused(world.client.getRichMenu('richmenu-none'))).body.message,
        'richmenu not found',
      )
    })
  })
})
