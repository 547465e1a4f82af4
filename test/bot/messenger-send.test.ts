import assert from 'node:assert/strict'
import { Conversations, Messages } from '../../models/conversation.ts'
import { Customers } from '../../models/customer.ts'
import { StaffTasks } from '../../models/shop.ts'
import type { Person } from '../../sandbox/messenger/types.ts'
import { say } from '../../server/conversation/index.ts'
import { until } from '../support/chat.ts'
import { type MessengerShop, openMessenger } from '../support/messenger.ts'

const HOUR = 3600_000

describe('what the shop sends on Messenger', () => {
  let shop: MessengerShop
  before(async () => {
    shop = await openMessenger()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const sends = (from: number) =>
    shop.messenger
      .calls()
      .slice(from)
      .flatMap(({ body }) => (body && typeof body === 'object' && 'message' in body ? [body] : []))
  const botSays = async (person: Person, text: string) => {
    const { _id, channel } = await shop.conversation(person)
    return say({ conversation: _id, channel, kind: 'text', text, author: 'bot' })
  }
  /** As if the customer had done something so long ago for the last time. */
  const silentFor = async (person: Person, ms: number) => {
    const at = Date.now() - ms
    shop.messenger.person(person.psid).lastActionAt = at
    const { _id } = await shop.conversation(person)
    const window = { anybody: new Date(at + 24 * HOUR), staff: new Date(at + 168 * HOUR) }
    await Conversations.updateOne({ _id }, { $set: { window } })
  }
  const openTask = (kind: string, subject: string) =>
    StaffTasks.findOne({ kind, subject, state: 'open' }).lean()

  it('arrives, and staff see that it has arrived and was read', async () => {
    const person = await shop.meetOn()
    shop.sandbox.faults.set('messenger', 'deliveryWithoutMids', true)
    const { id } = await shop.write(person, 'Yes, we have it')
    const receipt = async () => (await shop.seen(person)).find((one) => one.id === id)?.receipt
    await until(async () => (await receipt()) === 'delivered')
    await shop.messenger.read(person.psid)
    await until(async () => (await receipt()) === 'read')
    assert.equal(shop.received(person, 'Yes, we have it'), 1)
  })

  it('is one message, when its echo comes before the answer', async () => {
    const person = await shop.meetOn()
    shop.sandbox.faults.set('messenger', 'echoFirst', true)
    const { id } = await shop.write(person, 'echo first')
    await shop.settled(id, 'sent')
    await shop.messenger.settled()
    assert.equal((await shop.thread(person)).filter(({ text }) => text === 'echo first').length, 1)
  })

  for (const fault of ['hangUpAfterAccepting', 'failAfterAccepting']) {
    it(`is settled by its echo when a send meets ${fault}`, async () => {
      const person = await shop.meetOn()
      shop.sandbox.faults.set('messenger', fault, true, 1)
      const { id } = await shop.write(person, `once ${fault}`)
      const message = await shop.settled(id, 'sent')
      assert(message.externalId?.startsWith('m_'))
      await until(async () => !(await openTask('message.unknown', id)))
      assert.equal(shop.received(person, `once ${fault}`), 1)
      assert.equal((await shop.thread(person)).filter(({ text }) => text === `once ${fault}`).length, 1)
    })
  }

  it('is in doubt when neither answer nor echo comes, and staff decide', async () => {
    const person = await shop.meetOn()
    shop.sandbox.faults.set('messenger', 'failBeforeAccepting', true, 1)
    const { id } = await shop.write(person, 'perhaps')
    const { failure } = await shop.settled(id, 'unknown')
    assert.match(failure ?? '', /Messenger/)
    await until(() => openTask('message.unknown', id))
    assert.equal(shop.received(person, 'perhaps'), 0)
    assert.equal((await shop.staff.post(`/api/messages/${id}/resend`)).status, 200)
    await shop.settled(id, 'sent')
    assert.equal(shop.received(person, 'perhaps'), 1)
    assert.equal(await openTask('message.unknown', id), null)
  })

  it('is in doubt where its process died while sending, until its echo tells', async () => {
    const person = await shop.meetOn()
    const { _id, channel } = await shop.conversation(person)
    await Conversations.updateOne(
      { _id },
      { $set: { sendLease: { owner: 'dead', until: new Date(Date.now() + 60_000) } } },
    )
    const message = await say({ conversation: _id, channel, kind: 'text', text: 'cut off', author: 'bot' })
    await Messages.updateOne({ _id: message._id }, { $set: { state: 'sending', via: 'push', tries: 1 } })
    await Conversations.updateOne({ _id }, { $set: { sendLease: null } })
    await shop.settled(String(message._id), 'unknown')
    assert.equal(shop.received(person, 'cut off'), 0)
    await shop.messenger.webhook.emit('message_echoes', {
      sender: { id: shop.messenger.page.pageId },
      recipient: { id: person.psid },
      timestamp: Date.now(),
      message: { mid: 'm_late_echo', is_echo: true, text: 'cut off', metadata: `${message._id}:0` },
    })
    await shop.settled(String(message._id), 'sent')
  })

  it('waits when Meta wants fewer calls, and keeps its order', async () => {
    const people = [await shop.meetOn(), await shop.meetOn()] as [Person, Person]
    shop.sandbox.faults.set('messenger', 'rateLimited', true, 1)
    const first = await shop.write(people[0], 'one')
    await until(async () => Messages.exists({ _id: first.id, state: 'queued', sendAfter: { $ne: null } }))
    const called = shop.messenger.calls().length
    const second = await shop.write(people[0], 'two')
    const other = await shop.write(people[1], 'three')
    assert.equal(sends(called).length, 0, 'nobody is asked while it lasts')
    for (const { id } of [first, second, other]) await shop.settled(id, 'sent')
    const texts = shop.messenger.received(people[0].psid).map(({ message }) => message['text'])
    assert.deepEqual(texts.slice(-2), ['one', 'two'])
  })

  it('goes again by itself when Meta says that it will pass', async () => {
    const person = await shop.meetOn()
    shop.sandbox.faults.set('messenger', 'transientError', true, 1)
    const { id } = await shop.write(person, 'again')
    await shop.settled(id, 'sent')
    assert.equal(shop.received(person, 'again'), 1)
  })

  it('fails, with a task for staff, when the page token dies in the middle of a long message', async () => {
    const person = await shop.meetOn()
    const { faults } = shop.sandbox
    const long = ['a', 'b', 'c'].map((letter) => letter.repeat(1999)).join(' ')
    let taken = 0

    const watch = shop.messenger.waitFor(person.psid, ({ message }) =>
      String(message['text']).startsWith('aaa'),
    )
    void watch.then(() => faults.set('messenger', 'tokenRevoked', true))
    faults.set('messenger', 'latencyMs', 120)
    const { id } = await shop.write(person, long)
    const failed = await shop.settled(id, 'failed')

    assert.match(failed.failure ?? '', /token/)
    await until(() => openTask('channel.token', 'messenger'))
    taken = shop.messenger.received(person.psid).length
    faults.reset()
    assert.equal((await shop.staff.post(`/api/messages/${id}/resend`)).status, 200)
    await shop.settled(id, 'sent')
    const pieces = shop.messenger
      .received(person.psid)
      .map(({ message }) => String(message['text'])[0])
      .slice(-3)
    assert(taken > 0)
    assert.deepEqual(pieces, ['a', 'b', 'c'], 'no piece twice, none lost')
    const called = shop.messenger.calls().length
    await shop.settled((await shop.write(person, 'after')).id, 'sent')
    assert.equal(sends(called).length, 1)
  })

  it('fails when the page is restricted, and somebody hears of it', async () => {
    const person = await shop.meetOn()
    shop.sandbox.faults.set('messenger', 'pageRestricted', true, 1)
    const { id } = await shop.write(person, 'hello?')
    await shop.settled(id, 'failed')
    await until(() => openTask('channel.restricted', 'messenger'))
  })

  it('does not pretend to reach somebody who has blocked the page, and tries again when staff do', async () => {
    const person = await shop.meetOn()
    shop.messenger.block(person.psid)
    const { failure } = await shop.settled((await shop.write(person, 'are you there?')).id, 'failed')
    assert.match(failure ?? '', /บล็อก/)
    assert.equal((await shop.view(person)).customer.reachable, false)
    const called = shop.messenger.calls().length
    await shop.settled(String((await botSays(person, 'a reminder'))._id), 'failed')
    assert.equal(sends(called).length, 0, 'a machine does not insist')
    shop.messenger.unblock(person.psid)
    await shop.settled((await shop.write(person, 'welcome back')).id, 'sent')
    await shop.messenger.say(person.psid, 'here I am')
    await until(async () =>
      Customers.exists({ identities: { $elemMatch: { externalId: person.psid, reachable: true } } }),
    )
  })

  describe('after the customer has been silent', () => {
    it('for a day, is only what staff write themselves; the rest is a task that tells the time left', async () => {
      const person = await shop.meetOn()
      await silentFor(person, 30 * HOUR)
      const called = shop.messenger.calls().length
      const machine = await botSays(person, 'Your parcel is on its way')
      const { failure } = await shop.settled(String(machine._id), 'failed')
      assert.match(failure ?? '', /ในอีก 5 วัน/)
      const task = await until(() => openTask('message.window', String(machine._id)))
      assert.equal(task.summary, failure)
      assert.equal(sends(called).length, 0)
      const { id } = await shop.write(person, 'It is on its way')
      await shop.settled(id, 'sent')
      const [send] = sends(called) as unknown as { messaging_type: string; tag?: string }[]
      assert.deepEqual([send?.messaging_type, send?.tag], ['MESSAGE_TAG', 'HUMAN_AGENT'])
    })

    it('for a week, is nothing at all, and staff are told at once', async () => {
      const person = await shop.meetOn()
      await silentFor(person, 200 * HOUR)
      const { _id } = await shop.conversation(person)
      const words = { kind: 'text', text: 'hello?', clientId: crypto.randomUUID() }
      const refused = await shop.staff.post<{ error: { code: string } }>(
        `/api/conversations/${_id}/messages`,
        words,
      )
      assert.equal(refused.status, 409)
      assert.equal(refused.body.error.code, 'conversation.window')
      const { failure } = await shop.settled(String((await botSays(person, 'anything'))._id), 'failed')
      assert.match(failure ?? '', /1 วันที่ผ่านมา/)
      await shop.messenger.say(person.psid, 'I am back')
      await until(async () => new Date((await shop.view(person)).window?.anybody ?? 0) > new Date())
      await shop.settled((await shop.write(person, 'Welcome')).id, 'sent')
    })

    it("goes as a person's answer when the day ends between typing and sending", async () => {
      const person = await shop.meetOn()
      // Our clock says that there is time, and Meta's does not.
      shop.messenger.person(person.psid).lastActionAt = Date.now() - 24 * HOUR - 1000
      const called = shop.messenger.calls().length
      await shop.settled((await shop.write(person, 'just in time')).id, 'sent')
      assert.deepEqual(
        sends(called).map((body) => (body as { messaging_type?: string }).messaging_type),
        ['RESPONSE', 'MESSAGE_TAG'],
      )
    })

    it('is told by Meta alone when the week ends between typing and sending', async () => {
      const person = await shop.meetOn()
      shop.messenger.person(person.psid).lastActionAt = Date.now() - 169 * HOUR
      const { id } = await shop.write(person, 'too late')
      const { failure } = await shop.settled(id, 'failed')
      assert.match(failure ?? '', /ลูกค้าเขียนมาก่อน/)
    })
  })
})
