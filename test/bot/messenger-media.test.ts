import assert from 'node:assert/strict'
import { Customers } from '../../models/customer.ts'
import { until } from '../support/chat.ts'
import { type MessengerShop, openMessenger, pageSays } from '../support/messenger.ts'

describe('a file that a customer sends on Messenger', () => {
  let shop: MessengerShop
  before(async () => {
    shop = await openMessenger()
  })
  after(() => shop.close())
  afterEach(() => shop.sandbox.faults.reset())

  const picture = { contentType: 'image/jpeg', bytes: Buffer.from('these are the bytes') }

  it('is one of ten in ten webhooks of somebody new: still one customer and one conversation', async () => {
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

  it('is one of ten in one message, and all go when it is taken back', async () => {
    const person = await shop.meetOn()
    const mid = await shop.messenger.sendMedia(
      person.psid,
      Array.from({ length: 10 }, () => picture),
    )
    await until(async () => (await shop.inbound(person)).filter(({ kind }) => kind === 'image').length === 10)
    await shop.messenger.unsend(person.psid, mid)
    await until(
      async () => (await shop.inbound(person)).filter(({ state }) => state === 'unsent').length === 10,
    )
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
})
