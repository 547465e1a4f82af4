import assert from 'node:assert/strict'
import { Messages } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
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

  it('is seen by staff under their name, and answered with one greeting in their language', async () => {
    const { messenger } = shop
    const person = messenger.createPerson({ firstName: 'Malee', lastName: 'Dee', locale: 'th_TH' })
    await messenger.say(person.psid, 'hello')
    await messenger.waitFor(person.psid, pageSays('สวัสดีค่ะ'))
    await messenger.say(person.psid, 'มีเสื้อไหม')
    await until(async () => (await shop.inbound(person)).length === 2)
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

  it('is greeted before it is answered, in their language, when it begins with a first question', async () => {
    const person = shop.messenger.createPerson({ firstName: 'Amy', locale: 'en_US' })
    await shop.messenger.postback(person.psid, 'my_orders', 'My orders')
    await shop.messenger.waitFor(person.psid, pageSays('You have no orders yet'))
    const said = (await shop.thread(person)).filter(({ direction }) => direction === 'out')
    assert(said[0]?.once?.startsWith('greeting:'))
    assert.match(said[0]?.text ?? '', /welcome/)
    assert.equal((await shop.view(person)).customer.name, 'Amy')
  })

  it('is one message, when it is delivered twenty times at once', async () => {
    const person = await shop.meetOn()
    shop.sandbox.faults.set('messenger', 'webhookDuplicates', 19)
    await shop.messenger.say(person.psid, 'twenty times')
    await brokerIdle()
    assert.equal((await shop.inbound(person)).filter(({ text }) => text === 'twenty times').length, 1)
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
      await until(async () => (await shop.inbound(person)).length === 2)
      assert.deepEqual((await shop.inbound(person)).map(({ text }) => text).sort(), ['a', 'b'])
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
      const found = (await shop.inbound(person)).slice(1)
      return found.length === 3 && found.map(({ kind }) => kind)
    })
    assert.deepEqual(kinds, ['sticker', 'sticker', 'location'])
    const place = (await shop.inbound(person)).at(-1)?.data as { latitude: number }
    assert.equal(place.latitude, 13.7)
  })

  it('can be changed, marked with a sign, and taken back', async () => {
    const { messenger } = shop
    const person = await shop.meetOn()
    const mid = await messenger.say(person.psid, 'two, plese')
    await messenger.edit(person.psid, mid, 'two, please')
    await until(async () => (await shop.inbound(person)).some(({ text }) => text === 'two, please'))
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
    assert.equal((await shop.inbound(person)).at(-1)?.kind, 'postback')
    await shop.messenger.postback(person.psid, 'my_orders', 'My orders')
    await shop.messenger.waitFor(person.psid, pageSays('You have no orders yet'))
  })

  it('is heard while another app has the chat, and the bot stays silent until it is given back', async () => {
    const { messenger } = shop
    const person = messenger.createPerson({ firstName: 'Standby' })
    await messenger.passControl(person.psid, 'inbox')
    await messenger.say(person.psid, 'is anybody there?')
    await until(async () => (await shop.inbound(person)).length === 1)
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
})
