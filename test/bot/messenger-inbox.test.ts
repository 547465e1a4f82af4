import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { Inbox } from '../../models/broker.ts'
import { Messages } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import { StaffTasks } from '../../models/shop.ts'
import { brokerIdle } from '../../server/broker/index.ts'
import { until } from '../support/chat.ts'
import { type MessengerShop, openMessenger, pageSays } from '../support/messenger.ts'

describe('what a customer does on Messenger', () => {
  let shop: MessengerShop
  before(async () => {
    shop = await openMessenger()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const inbound = async (person: Parameters<typeof shop.thread>[0]) =>
    (await shop.thread(person).catch(() => [])).filter(
      ({ direction, kind }) => direction === 'in' && kind !== 'event',
    )
  const sign = (body: string, secret = shop.messenger.page.appSecret) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  })
  const post = (body: string, headers: Record<string, string>) =>
    fetch(`${shop.server.url}/webhooks/messenger`, { method: 'POST', body, headers })
  /** How many events lie in the inbox, once the echoes of what was said before have all come. */
  async function storedInAll(): Promise<number> {
    for (let last = -1; ; ) {
      await shop.messenger.settled()
      await brokerIdle()
      const rows = await Inbox.countDocuments()
      if (rows === last) return rows
      last = rows
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const picture = { contentType: 'image/jpeg', bytes: Buffer.from('these are the bytes') }

  it('is seen by staff under their name, and answered with one greeting in their language', async () => {
    const { messenger } = shop
    const person = messenger.createPerson({ firstName: 'Malee', lastName: 'Dee', locale: 'th_TH' })
    await messenger.say(person.psid, 'hello')
    await messenger.waitFor(person.psid, pageSays('สวัสดีค่ะ'))
    await messenger.say(person.psid, 'มีเสื้อไหม')
    await until(async () => (await inbound(person)).length === 2)
    const { customer, channel, window } = await shop.view(person)
    assert.deepEqual([channel, customer.name, customer.language], ['messenger', 'Malee Dee', 'th'])
    assert(window && window.anybody < window.staff)
    assert.equal(messenger.received(person.psid).length, 1, 'greeted once')
  })

  it('begins with a button, too, and with a link that names what they look for', async () => {
    const { messenger } = shop
    const english = messenger.createPerson({ firstName: 'Jane', locale: 'en_US' })
    await messenger.start(english.psid)
    await messenger.waitFor(english.psid, pageSays('Hello, and welcome'))
    const linked = messenger.createPerson({ firstName: 'Kim', locale: 'en_GB' })
    await messenger.arrive(linked.psid, 'my_orders')
    await messenger.waitFor(linked.psid, pageSays('You have no orders yet'))
    await messenger.arrive(linked.psid, 'summer-campaign')
    await until(async () => (await shop.thread(linked)).some(({ text }) => text === 'summer-campaign'))
  })

  it('is one message, when it is delivered twenty times at once', async () => {
    const person = await shop.meetOn()
    shop.sandbox.faults.set('messenger', 'webhookDuplicates', 19)
    await shop.messenger.say(person.psid, 'twenty times')
    await brokerIdle()
    assert.equal((await inbound(person)).filter(({ text }) => text === 'twenty times').length, 1)
  })

  it('is one customer and one conversation, when a new one sends ten pictures in ten webhooks', async () => {
    const { messenger } = shop
    const person = messenger.createPerson({ firstName: 'Album' })
    await Promise.all(Array.from({ length: 10 }, () => messenger.sendMedia(person.psid, [picture])))
    const pictures = await until(async () => {
      const found = (await shop.seen(person).catch(() => [])).filter(({ kind }) => kind === 'image')
      return found.length === 10 && found.every(({ media }) => media?.state === 'stored') && found
    })
    assert.equal(new Set(pictures.map(({ media }) => media?.url)).size, 10)
    assert.equal(await Customers.countDocuments({ 'identities.externalId': person.psid }), 1)
    await messenger.waitFor(person.psid, pageSays('ยินดีต้อนรับ'))
    assert.equal((await shop.thread(person)).filter(({ once }) => once?.startsWith('greeting')).length, 1)
  })

  it('is ten pictures, when they come in one message, and all go when it is taken back', async () => {
    const person = await shop.meetOn()
    const mid = await shop.messenger.sendMedia(
      person.psid,
      Array.from({ length: 10 }, () => picture),
    )
    await until(async () => (await inbound(person)).filter(({ kind }) => kind === 'image').length === 10)
    await shop.messenger.unsend(person.psid, mid)
    await until(async () => (await inbound(person)).filter(({ state }) => state === 'unsent').length === 10)
  })

  it('is told apart in a batch of several people', async () => {
    const { messenger, sandbox } = shop
    const people = [
      messenger.createPerson({ firstName: 'One' }),
      messenger.createPerson({ firstName: 'Two' }),
    ]
    sandbox.faults.set('messenger', 'webhookBatch', 4)
    for (const text of ['a', 'b']) for (const { psid } of people) await messenger.say(psid, text)
    for (const person of people) {
      await until(async () => (await inbound(person)).length === 2)
      assert.deepEqual((await inbound(person)).map(({ text }) => text).sort(), ['a', 'b'])
    }
    sandbox.faults.reset()
    await messenger.webhook.flush()
  })

  it('can be a sticker, in the old shape and the new, and a place', async () => {
    const person = await shop.meetOn()
    shop.sandbox.faults.set('messenger', 'stickersAsImages', true)
    await shop.messenger.sendSticker(person.psid)
    shop.sandbox.faults.reset()
    await shop.messenger.sendSticker(person.psid)
    await shop.messenger.sendLocation(person.psid, { lat: 13.7, long: 100.5, title: 'Siam' })
    const kinds = await until(async () => {
      const found = (await inbound(person)).slice(1)
      return found.length === 3 && found.map(({ kind }) => kind)
    })
    assert.deepEqual(kinds, ['sticker', 'sticker', 'location'])
    const place = (await inbound(person)).at(-1)?.data as { latitude: number }
    assert.equal(place.latitude, 13.7)
  })

  it('can be changed, marked with a sign, and taken back', async () => {
    const { messenger } = shop
    const person = await shop.meetOn()
    const mid = await messenger.say(person.psid, 'two, plese')
    await messenger.edit(person.psid, mid, 'two, please')
    await until(async () => (await inbound(person)).some(({ text }) => text === 'two, please'))
    const ours = await shop.write(person, 'Of course')
    const sent = await shop.settled(ours.id, 'sent')
    await messenger.react(person.psid, sent.externalId ?? '', '👍')
    await until(async () =>
      (await shop.seen(person)).some(({ id, data }) => id === ours.id && data?.['reaction'] === '👍'),
    )
    await messenger.react(person.psid, sent.externalId ?? '', null)
    await until(async () =>
      (await shop.seen(person)).some(({ id, data }) => id === ours.id && data?.['reaction'] === null),
    )
    await messenger.unsend(person.psid, mid)
    await until(async () => Messages.exists({ externalId: mid, state: 'unsent', text: '' }))
  })

  it('can be an answer that was offered, which acts as its button does', async () => {
    const person = await shop.meetOn({ locale: 'en_US' })
    await shop.messenger.say(person.psid, 'Talk to us', { quickReply: 'staff' })
    await shop.messenger.waitFor(person.psid, pageSays('Our staff have been told'))
    assert.equal((await inbound(person)).at(-1)?.kind, 'postback')
    await shop.messenger.postback(person.psid, 'my_orders', 'My orders')
    await shop.messenger.waitFor(person.psid, pageSays('You have no orders yet'))
  })

  it('is heard while another app has the chat, and the bot stays silent until it is given back', async () => {
    const { messenger } = shop
    const person = messenger.createPerson({ firstName: 'Standby' })
    await messenger.passControl(person.psid, 'inbox')
    await messenger.say(person.psid, 'is anybody there?')
    await until(async () => (await inbound(person)).length === 1)
    assert.equal((await shop.view(person)).elsewhere, true)
    await messenger.answerInInbox(person.psid, 'Yes, this is Nok from the page')
    await until(async () => (await shop.seen(person)).some(({ author }) => author?.id === 'elsewhere'))
    assert.equal((await shop.view(person)).waitingSince, null)
    await brokerIdle()
    assert.deepEqual(
      messenger.received(person.psid).map(({ byColleague }) => byColleague),
      [true],
    )
    // A member of staff who writes takes the chat back.
    const mine = await shop.write(person, 'Let me help you here')
    await shop.settled(mine.id, 'sent')
    await until(async () => !(await shop.view(person)).elsewhere)
  })

  it('is copied before its address expires, and said to be gone where that came too late', async () => {
    const person = await shop.meetOn()
    shop.sandbox.faults.set('messenger', 'mediaCutShort', true, 1)
    await shop.messenger.sendMedia(person.psid, [picture])
    const stored = await until(async () =>
      (await shop.seen(person)).find(({ media }) => media?.state === 'stored'),
    )
    const copy = await fetch(shop.server.url + stored.media?.url)
    assert.deepEqual(Buffer.from(await copy.arrayBuffer()), picture.bytes)
    shop.sandbox.faults.set('messenger', 'mediaSeconds', -1)
    await shop.messenger.sendMedia(person.psid, [picture])
    await until(async () => (await shop.seen(person)).find(({ media }) => media?.state === 'gone'))
  })

  it('can be a film of 25 MB, but not one of 50 MB, and staff read why', async () => {
    const person = await shop.meetOn()
    const film = Buffer.alloc(25 * 1024 * 1024, 'film')
    film.writeUInt32BE(0xfeedbeef, 20_000_000)
    await shop.messenger.sendMedia(person.psid, [{ contentType: 'video/mp4', bytes: film }])
    const stored = await until(async () =>
      (await shop.seen(person)).find(({ media }) => media?.state === 'stored'),
    )
    assert.equal(stored.media?.size, film.length)
    const copy = Buffer.from(await (await fetch(shop.server.url + stored.media?.url)).arrayBuffer())
    assert(copy.equals(film))
    const mid = await shop.messenger.sendMedia(person.psid, [
      { contentType: 'video/mp4', bytes: Buffer.alloc(50 * 1024 * 1024, 'film') },
    ])
    const large = await until(async () =>
      (await shop.seen(person)).find(({ media }) => media?.state === 'gone'),
    )
    assert.match(large.failure ?? '', /larger than 25 MB/)
    await shop.messenger.unsend(person.psid, mid)
  })

  it('goes by whatever name, and every name stays a name', async () => {
    for (const firstName of [
      '{{constructor.constructor("return 1")()}} {shop}',
      '<img src=x onerror=alert(1)>',
      '\u202Eright to left\u202C',
      '\u200B\u200C\u200D\uFEFF',
      '$where',
      '__proto__',
    ]) {
      const person = shop.messenger.createPerson({ firstName, locale: 'en_US' })
      await shop.messenger.say(person.psid, 'hello')
      await shop.messenger.waitFor(person.psid, pageSays('Hello, and welcome'))
      const { customer } = await shop.view(person)
      assert.equal(
        customer.name,
        /[a-z]/i.test(firstName) ? firstName.replace(/[\u202c\u202e]/g, '') : customer.name,
      )
      assert.match(customer.name, /[\w<{$]/, 'something of it can be seen')
      assert.equal(await Customers.countDocuments({ 'identities.externalId': person.psid }), 1)
    }
  })

  it('goes without a name where Meta shows none', async () => {
    for (const knob of ['profileUnavailable', 'profileEmpty']) {
      shop.sandbox.faults.set('messenger', knob, true)
      const person = shop.messenger.createPerson({ firstName: 'Nobody' })
      await shop.messenger.say(person.psid, 'สวัสดี')
      await shop.messenger.waitFor(person.psid, pageSays('ยินดีต้อนรับ'))
      assert.match((await shop.view(person)).customer.name, /^c-\d+$/)
      shop.sandbox.faults.reset()
    }
  })

  describe('and what anybody else sends to that address', () => {
    const ask = (query: Record<string, string>) =>
      fetch(`${shop.server.url}/webhooks/messenger?${new URLSearchParams(query)}`)

    it('is the handshake, which repeats the challenge to whoever knows the token', async () => {
      const { verifyToken } = shop.messenger.page
      const question = {
        'hub.mode': 'subscribe',
        'hub.challenge': '<b>1158201444</b>',
        'hub.verify_token': verifyToken,
      }
      const answer = await ask(question)
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/)
      assert.equal(await answer.text(), '<b>1158201444</b>')
      assert.equal((await ask({ ...question, 'hub.verify_token': 'wrong' })).status, 403)
      assert.equal((await ask({})).status, 403)
    })

    it('is refused without a signature, with a wrong one, and when it is about something else', async () => {
      const stored = await storedInAll()
      const body = JSON.stringify({ object: 'page', entry: [] })
      assert.equal((await post(body, {})).status, 401)
      assert.equal((await post(body, sign(body, 'another secret'))).status, 401)
      assert.equal((await post(body, { 'x-hub-signature-256': 'sha256=AAAA' })).status, 401)
      assert.equal((await post('[]', sign('[]'))).status, 400)
      const other = JSON.stringify({ object: 'instagram', entry: [] })
      assert.equal((await post(other, sign(other))).status, 404)
      assert.equal((await post(body, sign(body))).status, 200)
      assert.equal(await Inbox.countDocuments(), stored)
    })

    it('is stored and left alone when it is for another page, or of a kind that nobody knows', async () => {
      const people = await Customers.countDocuments()
      const { pageId } = shop.messenger.page
      const from = { sender: { id: '70000000000000777' }, recipient: { id: pageId }, timestamp: Date.now() }
      const body = JSON.stringify({
        object: 'page',
        entry: [
          { id: '555', time: 1, messaging: [{ ...from, message: { mid: 'm_other_page', text: 'hello' } }] },
          { id: pageId, time: 1, messaging: [{ ...from, telepathy: {} }, null, 7, { message: null }] },
          {
            id: pageId,
            time: 1,
            messaging: [{ sender: { user_ref: 'x' }, recipient: { id: pageId }, optin: {} }],
          },
          { id: pageId, time: 1, changes: [{ field: 'feed' }] },
          'nonsense',
        ],
      })
      assert.equal((await post(body, sign(body))).status, 200)
      await brokerIdle()
      assert.equal(await Customers.countDocuments(), people)
      assert(await Inbox.exists({ source: 'messenger', 'payload.event.type': 'other_account' }))
    })

    it('can hold a thousand updates, and be as large as those are', async () => {
      const { pageId } = shop.messenger.page
      const psid = '70000000000000999'
      const update = (number: number) => ({
        id: pageId,
        time: 1,
        messaging: [
          {
            sender: { id: psid },
            recipient: { id: pageId },
            timestamp: Date.now() + number,
            message: { mid: `m_many_${number}`, text: `${number} ${'x'.repeat(1900)}` },
          },
        ],
      })
      const body = JSON.stringify({
        object: 'page',
        entry: Array.from({ length: 1000 }, (_, at) => update(at)),
      })
      assert.equal((await post(body, sign(body))).status, 200)
      assert.equal(await Inbox.countDocuments({ eventId: /^m_many_/ }), 1000)
      const larger = 'x'.repeat(9 * 1024 * 1024)
      assert.equal((await post(larger, sign(larger))).status, 413)
      await Inbox.deleteMany({ eventId: /^m_many_/ })
    })

    it('is a warning of Meta, which becomes a task for staff', async () => {
      const { pageId } = shop.messenger.page
      const body = JSON.stringify({
        object: 'page',
        entry: [
          {
            id: pageId,
            time: 1,
            messaging: [
              {
                recipient: { id: pageId },
                timestamp: Date.now(),
                policy_enforcement: { action: 'warning', reason: 'Too many promotions' },
              },
            ],
          },
        ],
      })
      assert.equal((await post(body, sign(body))).status, 200)
      await until(async () => StaffTasks.exists({ kind: 'channel.warning', summary: /Too many promotions/ }))
    })
  })
})
