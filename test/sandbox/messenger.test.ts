import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createSandbox, type Sandbox } from '../../sandbox/app.ts'
import { listen } from '../support/listen.ts'
import { eventually } from '../support/story.ts'

interface Arrived {
  body: string
  signed: boolean
}
interface GraphAnswer {
  message_id?: string
  error?: { message: string; code: number; error_subcode?: number; type: string; fbtrace_id: string }
}

const HOUR = 3600_000

describe('the simulated Messenger', () => {
  let sandbox: Sandbox
  let psid: string
  let status = 200
  const arrived: Arrived[] = []
  let shop: Awaited<ReturnType<typeof listen>>

  before(async () => {
    shop = await listen((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const query = new URL(request.url ?? '/', 'http://shop').searchParams
        if (request.method === 'GET') {
          const known = query.get('hub.verify_token') === sandbox.messenger.page.verifyToken
          return response.writeHead(known ? 200 : 403).end(query.get('hub.challenge'))
        }
        const body = Buffer.concat(chunks)
        const wanted = createHmac('sha256', sandbox.messenger.page.appSecret).update(body).digest('hex')
        arrived.push({
          body: body.toString(),
          signed: request.headers['x-hub-signature-256'] === `sha256=${wanted}`,
        })
        response.writeHead(status).end()
      })
    })
    sandbox = await createSandbox({ parleyUrl: shop.url.replace('127.0.0.1', 'localhost') })
  })
  beforeEach(async () => {
    psid = sandbox.messenger.createPerson({ firstName: 'Amy', wrote: true }).psid
    arrived.length = 0
    status = 200
  })
  afterEach(() => sandbox.faults.reset())
  after(async () => {
    await sandbox.close()
    shop.server.close()
    shop.server.closeAllConnections()
  })

  const graph = async (
    path: string,
    body?: object,
    { token = sandbox.messenger.page.pageToken, version = 'v25.0', proof = true } = {},
  ) => {
    const secret = sandbox.messenger.page.appSecret
    const query = proof ? `?appsecret_proof=${createHmac('sha256', secret).update(token).digest('hex')}` : ''
    const answer = await fetch(`${sandbox.url}/messenger/${version}/${path}${query}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as GraphAnswer & Record<string, unknown> }
  }
  const send = (message: object, more: object = {}) =>
    graph('me/messages', { recipient: { id: psid }, messaging_type: 'RESPONSE', message, ...more })
  const refused = async (answer: ReturnType<typeof graph>, code: number, subcode?: number) => {
    const { status: got, body } = await answer
    assert(got >= 400, JSON.stringify(body))
    assert.equal(body.error?.code, code, JSON.stringify(body))
    if (subcode !== undefined) assert.equal(body.error?.error_subcode, subcode)
    assert(body.error?.type && body.error.fbtrace_id)
  }
  const template = (payload: object) => send({ attachment: { type: 'template', payload } })
  const button = { type: 'postback', title: 'Tap', payload: 'tap' }
  const events = () =>
    arrived.flatMap(({ body }) =>
      (JSON.parse(body).entry as { messaging?: Record<string, unknown>[] }[]).flatMap(
        (one) => one.messaging ?? [],
      ),
    )

  it('is renamed as the shop is, on both phones', () => {
    const { page } = sandbox.messenger
    const before = page.name
    sandbox.rename('やまざとマルシェ')
    assert.deepEqual([page.name, sandbox.channel.displayName], Array(2).fill('やまざとマルシェ'))
    sandbox.rename(before)
  })

  it('refuses wrong keys, old versions, and a token without the proof of the secret', async () => {
    await refused(graph('me', undefined, { token: 'EAAwrong' }), 190, 463)
    await refused(graph('me', undefined, { proof: false }), 100, 33)
    await refused(graph('me', undefined, { version: 'v3.0' }), 2635)
    await refused(graph('nothing/here'), 2500)
    assert.equal((await graph('me')).body['id'], sandbox.messenger.page.pageId)
  })

  it('takes messages within their limits alone', async () => {
    const long = 'x'.repeat(2001)
    await refused(send({ text: long }), 100)
    await refused(send({ text: ' ' }), 100)
    await refused(send({}), 100)
    await refused(send({ text: 'a', colour: 'red' }), 100)
    await refused(send({ text: 'a', metadata: 'x'.repeat(1001) }), 100)
    const reply = { content_type: 'text', title: 'Yes', payload: 'yes' }
    await refused(send({ text: 'a', quick_replies: Array.from({ length: 14 }, () => reply) }), 100)
    await refused(send({ text: 'a', quick_replies: [{ ...reply, title: 'x'.repeat(21) }] }), 100)
    await refused(send({ attachment: { type: 'image', payload: { url: 'http://shop.example/a.jpg' } } }), 100)
    assert.equal((await send({ text: 'a', quick_replies: [reply] })).status, 200)
  })

  it('takes templates within their limits alone', async () => {
    const element = { title: 'Pomelo', subtitle: '฿189' }
    const generic = (elements: object[]) => template({ template_type: 'generic', elements })
    await refused(generic([{ title: 'alone' }]), 100)
    await refused(generic([{ ...element, title: 'x'.repeat(81) }]), 100)
    await refused(generic([{ ...element, subtitle: 'x'.repeat(81) }]), 100)
    await refused(generic(Array.from({ length: 11 }, () => element)), 100)
    await refused(generic([{ ...element, buttons: Array.from({ length: 4 }, () => button) }]), 100)
    assert.equal((await generic(Array.from({ length: 10 }, () => element))).status, 200)

    const buttons = (list: object[], text = 'Choose') =>
      template({ template_type: 'button', text, buttons: list })
    await refused(buttons([]), 100)
    await refused(buttons([button], 'x'.repeat(641)), 100)
    await refused(buttons([{ ...button, title: 'x'.repeat(21) }]), 100)
    const page = {
      type: 'web_url',
      title: 'Open',
      url: 'https://shop.example/w/1',
      messenger_extensions: true,
    }
    await refused(buttons([page]), 100, 2018063)
    sandbox.messenger.whitelist('https://shop.example')
    assert.equal((await buttons([page])).status, 200)
    await refused(template({ template_type: 'list', elements: [element, element] }), 100)
  })

  it('takes a receipt once, and only a whole one', async () => {
    const bill = {
      template_type: 'receipt',
      recipient_name: 'Amy',
      order_number: `P-${psid}`,
      currency: 'THB',
      payment_method: 'Card',
      summary: { total_cost: 1 },
    }
    await refused(template({ ...bill, summary: {} }), 100)
    await refused(template({ ...bill, currency: 'baht' }), 100)
    await refused(template({ ...bill, address: { street_1: 'x' } }), 100)
    await refused(template({ ...bill, elements: [{ title: 'x', price: '1.00' }] }), 100)
    assert.equal((await template(bill)).status, 200)
    await refused(template(bill), 100)
  })

  it('keeps the window: a day for all, a week for people, and no tag of old', async () => {
    const person = sandbox.messenger.person(psid)
    const human = { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }
    await refused(send({ text: 'a' }, human), 100)
    for (const tag of ['CONFIRMED_EVENT_UPDATE', 'POST_PURCHASE_UPDATE', 'ACCOUNT_UPDATE', 'NEWS']) {
      await refused(send({ text: 'a' }, { messaging_type: 'MESSAGE_TAG', tag }), 100)
    }
    await refused(send({ text: 'a' }, { messaging_type: 'HELLO' }), 100)
    sandbox.clock.advance(25 * HOUR)
    await refused(send({ text: 'a' }), 10, 2018278)
    assert.equal((await send({ text: 'a' }, human)).status, 200)
    sandbox.clock.advance(7 * 24 * HOUR)
    await refused(send({ text: 'a' }, human), 10, 2018278)
    await sandbox.messenger.postback(psid, 'menu')
    assert.equal((await send({ text: 'a' })).status, 200)
    assert(person.lastActionAt)
    const silent = sandbox.messenger.createPerson().psid
    await refused(
      graph('me/messages', { recipient: { id: silent }, messaging_type: 'RESPONSE', message: { text: 'a' } }),
      10,
    )
    await refused(
      graph('me/messages', { recipient: { id: '1' }, messaging_type: 'RESPONSE', message: { text: 'a' } }),
      100,
      2018001,
    )
    sandbox.messenger.block(psid)
    await refused(send({ text: 'a' }), 551, 1545041)
  })

  it('signs what it sends over the bytes, with everything that is not ASCII escaped', async () => {
    await sandbox.messenger.say(psid, 'Grüße 👋 50 % <b>/@')
    const [webhook] = arrived
    assert(webhook?.signed)
    assert.match(webhook.body, /Gr\\u00fc\\u00dfe \\ud83d\\udc4b 50 \\u0025 \\u003cb>\\\/\\u0040/)
    assert.equal((events()[0]?.['message'] as { text: string } | undefined)?.text, 'Grüße 👋 50 % <b>/@')
    sandbox.faults.set('messenger', 'webhookBadSignature', true, 1)
    await sandbox.messenger.say(psid, 'forged')
    assert.equal(arrived.at(-1)?.signed, false)
  })

  it('echoes what was sent, with its metadata, and tells that it has arrived', async () => {
    const { body } = await send({ text: 'hello', metadata: 'mine:0' })
    await eventually('echo and delivery', async () => events().length === 2)
    const [echo, delivery] = events() as {
      message: Record<string, unknown>
      delivery: Record<string, unknown>
    }[]
    assert.deepEqual(
      [
        echo?.message['mid'],
        echo?.message['is_echo'],
        echo?.message['metadata'],
        typeof echo?.message['app_id'],
      ],
      [body.message_id, true, 'mine:0', 'number'],
    )
    assert.deepEqual(delivery?.delivery['mids'], [body.message_id])
  })

  it('delivers again what was not answered, and gives up on who never answers', async () => {
    status = 500
    sandbox.faults.set('messenger', 'webhookRedelivery', true)
    sandbox.faults.set('messenger', 'webhookRedeliveryMs', 10)
    await sandbox.messenger.say(psid, 'again')
    await eventually('the second try', async () => arrived.length >= 2)
    status = 200
    await sandbox.messenger.settled()
    assert(new Set(arrived.map(({ body }) => body)).size === 1, 'the same bytes')
    status = 500
    sandbox.faults.set('messenger', 'webhookRedelivery', false)
    sandbox.faults.set('messenger', 'webhookGivesUpAfter', 2)
    await sandbox.messenger.say(psid, 'one')
    await sandbox.messenger.say(psid, 'two')
    const count = arrived.length
    await sandbox.messenger.say(psid, 'three')
    assert.equal(arrived.length, count)
    assert.deepEqual((await graph(`${sandbox.messenger.page.pageId}/subscribed_apps`)).body['data'], [])
  })

  it('subscribes only an address that repeats its challenge', async () => {
    const { appId, appSecret, verifyToken } = sandbox.messenger.page
    const subscribe = (more: object) =>
      graph(
        `${appId}/subscriptions`,
        {
          object: 'page',
          callback_url: `${shop.url}/hook`,
          verify_token: verifyToken,
          fields: 'messages',
          ...more,
        },
        { token: `${appId}|${appSecret}`, proof: false },
      )
    await refused(subscribe({ verify_token: 'wrong' }), 2200)
    await refused(subscribe({ callback_url: 'http://shop.example/hook' }), 100)
    await refused(subscribe({ fields: 'telepathy' }), 100)
    assert.equal((await subscribe({})).status, 200)
    assert.equal(sandbox.messenger.webhook.endpoint.url, `${shop.url}/hook`)
  })

  it('keeps the order of what customers see: the menu needs the button that begins', async () => {
    const menu = { persistent_menu: [{ locale: 'default', call_to_actions: [button] }] }
    await refused(graph('me/messenger_profile', menu), 100, 2018145)
    await refused(graph('me/messenger_profile', { greeting: [{ locale: 'th_TH', text: 'สวัสดี' }] }), 100)
    const domains = (list: string[]) => graph('me/messenger_profile', { whitelisted_domains: list })
    await refused(domains(['http://shop.example']), 100)
    await refused(domains(['https://203.0.113.7']), 100)
    assert.equal(
      (await graph('me/messenger_profile', { ...menu, get_started: { payload: 'x' } })).status,
      200,
    )
    for (let at = 0; at < 10; at++) await domains(['https://shop.example'])
    await refused(domains(['https://shop.example']), 613)
  })

  it('lets the addresses of files expire', async () => {
    const bytes = Buffer.from('a picture')
    await sandbox.messenger.sendMedia(psid, [{ contentType: 'image/png', bytes }])
    const { attachments } = (events()[0]?.['message'] ?? {}) as {
      attachments: { payload: { url: string } }[]
    }
    const url = attachments[0]?.payload.url ?? ''
    assert.deepEqual(Buffer.from(await (await fetch(url)).arrayBuffer()), bytes)
    const altered = url.replace(/oh=(\w)/, (_, first) => `oh=${first === '0' ? '1' : '0'}`)
    assert.equal((await fetch(altered)).status, 403)
    sandbox.clock.advance(2 * HOUR)
    assert.equal((await fetch(url)).status, 403)
  })
})
