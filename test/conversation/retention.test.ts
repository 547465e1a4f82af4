import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Types } from 'mongoose'
import { Conversations, MediaFiles, Messages } from '../../models/conversation.ts'
import { ShopSettingsStore } from '../../models/shop.ts'
import { eraseOld } from '../../server/conversation/index.ts'
import { forgetShopSettings } from '../../server/shop/index.ts'
import { emptyDatabase } from '../support/server.ts'
import { aConversation } from '../support/story.ts'

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)

describe('what was said longer ago than the shop keeps it', () => {
  let conversation: Types.ObjectId
  before(async () => {
    await emptyDatabase()
    await ShopSettingsStore.updateOne({ _id: 'shop' }, { $set: { retentionDays: 30 } }, { upsert: true })
    forgetShopSettings()
    conversation = new Types.ObjectId(await aConversation())
  })
  after(emptyDatabase)

  /** A message that came or went so many days ago, with a picture. */
  async function said(text: string, days: number, more: object = {}) {
    const media = await MediaFiles.create({ key: randomUUID(), type: 'image/jpeg', state: 'stored' })
    const at = daysAgo(days)
    await Messages.collection.insertOne({
      _id: Types.ObjectId.createFromTime(at.getTime() / 1000),
      conversation,
      channel: 'line',
      externalId: randomUUID(),
      direction: 'in',
      kind: 'image',
      state: 'received',
      text,
      media: media._id,
      at,
      ...more,
    })
  }
  const texts = async () => (await Messages.find().sort({ at: 1 }).lean()).map(({ text }) => text)

  it('is erased with its files, and nothing else is', async () => {
    await said('last year', 365)
    await said('a month and a day ago', 31)
    await said('last week', 7)
    await said('still on its way', 40, { state: 'queued' })
    await Conversations.updateOne({ _id: conversation }, { $set: { preview: 'last week' } })
    await eraseOld()
    assert.deepEqual(await texts(), ['still on its way', 'last week'])
    assert.equal(await MediaFiles.countDocuments(), 2)
    assert.equal((await Conversations.findById(conversation).lean())?.preview, 'last week')
  })

  it('leaves an empty row where it may be said only once', async () => {
    await said('your receipt', 50, { once: 'receipt:1', card: { type: 'flex' } })
    await eraseOld()
    await eraseOld()
    const left = await Messages.findOne({ once: 'receipt:1' }).lean()
    assert.deepEqual([left?.text, left?.card, left?.media, left?.erased], ['', null, null, true])
  })

  it('is not shown in the list of conversations either', async () => {
    const preview = 'a secret of old'
    await Conversations.updateOne({ _id: conversation }, { $set: { preview, lastMessageAt: daysAgo(60) } })
    await said(preview, 60)
    await eraseOld()
    assert.equal((await Conversations.findById(conversation).lean())?.preview, '')
  })
})
