import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { Refused } from '../../bot/channel.ts'
import { fetchFile } from '../../bot/channels/messenger/media.ts'
import { Inbox } from '../../models/broker.ts'
import { Conversations, Messages } from '../../models/conversation.ts'
import { checkMessage } from '../../sandbox/messenger/messages.ts'
import { brokerIdle } from '../../server/broker/index.ts'
import { shopSettings } from '../../server/shop/index.ts'
import { type ChatShop, openShop, until } from '../support/chat.ts'
import { extremeCards } from '../support/extreme-cards.ts'
import { listen } from '../support/listen.ts'

type Fields = Record<string, unknown>
type List = 'messaging' | 'standby' | 'changes'

/** The samples of Meta's own pages, what other people's programs met, and what nobody has named yet. */
describe('what Messenger may send', () => {
  let shop: ChatShop
  let pageId: string
  before(async () => {
    shop = await openShop()
    pageId = shop.sandbox.messenger.page.pageId
  })
  after(() => shop.close())

  let people = 70_000_000_001_000
  const event = (more: Fields, psid: unknown = String(people++)): Fields => ({
    sender: { id: psid },
    recipient: { id: pageId },
    timestamp: Date.now(),
    ...more,
  })
  const said = (message: Fields, psid?: unknown) => {
    const mid = `m_${randomUUID()}`
    return { mid, event: event({ message: { mid, ...message } }, psid) }
  }
  const take = async (events: unknown[], list: List = 'messaging') => {
    const entry = [{ id: pageId, time: Date.now(), [list]: events }]
    const { status } = await shop.sandbox.messenger.webhook.sendRaw({ object: 'page', entry })
    assert.equal(status, 200, JSON.stringify(events).slice(0, 300))
    await brokerIdle()
    const wrong = await Inbox.findOne({ $or: [{ state: 'DEAD' }, { lastError: { $ne: null } }] }).lean()
    assert.equal(wrong?.lastError, undefined, JSON.stringify(events).slice(0, 300))
  }
  const stored = (filter: Fields) => until(async () => Messages.findOne(filter).lean())

  it('is seen by staff when it is a message, of whatever kind', async () => {
    const attached = (type: string, payload: unknown, more: Fields = {}) =>
      said({ attachments: [{ type, payload, ...more }] })
    const url = 'http://169.254.169.254/latest/meta-data'
    const kinds: [string, ReturnType<typeof said>][] = [
      ['text', said({ text: 'hello', seq: 73, nlp: { entities: {} }, tags: { source: 'x' } })],
      ['text', said({ text: 'see', reply_to: { mid: 'm_1', is_self_reply: false } })],
      ['text', said({ text: 'see', attachments: [{ type: 'fallback', url, title: 'T', payload: null }] })],
      ['text', attached('fallback', { url, title: 'a page' })],
      ['text', attached('reel', { url, title: 'a reel', reel_video_id: 1 })],
      ['unknown', attached('template', { template_type: 'generic', elements: [{ title: 'x' }] })],
      ['unknown', attached('appointment_booking', { status: 'x' })],
      ['unknown', said({ is_unsupported: true })],
      ['unknown', said({ attachments: 'none' })],
      ['image', attached('image', { url })],
      ['image', attached('image', { url: 'file:///etc/passwd' })],
      ['sticker', attached('image', { url, sticker_id: 369_239_263_222_822 })],
      ['location', attached('location', { coordinates: { lat: { $gt: 1 }, long: '100.5' } })],
      ['video', attached('video', {})],
      ['audio', attached('audio', null)],
      ['file', attached('file', { url: 'https://cdn.fbsbx.com.evil.example/x' })],
    ]
    await take(kinds.map(([, { event: one }]) => one))
    for (const [kind, { mid }] of kinds) assert.equal((await stored({ externalId: mid })).kind, kind, mid)
  })

  it('is heard also where it comes as a change, or without an id', async () => {
    const change = said({ text: 'by a change' })
    await take([{ field: 'messages', value: change.event }], 'changes')
    await stored({ externalId: change.mid })
    const psid = String(people++)
    await take([event({ message: { text: 'without an id' } }, psid)])
    await stored({ text: 'without an id' })
  })

  it('tells what somebody came for: an advertisement, a shop page, a plug-in', async () => {
    const ref = { ref: 'summer', source: 'ADS', type: 'OPEN_THREAD', ad_id: '6045' }
    const greeted = [
      said({ text: 'what does it cost?', referral: ref }).event,
      event({ optin: { ref: 'summer', user_ref: 'u' } }),
      event({ referral: { ...ref, ads_context_data: { ad_title: 'T', post_id: '1' } } }),
      event({
        postback: { mid: `m_${randomUUID()}`, title: 'Start', payload: 'get_started', referral: ref },
      }),
    ]
    const before = await Messages.countDocuments({ kind: 'event', text: 'summer' })
    await take(greeted)
    await until(async () => (await Messages.countDocuments({ kind: 'event', text: 'summer' })) === before + 4)
  })

  it('shows staff the button that another app answers, though not what it carries', async () => {
    await take([event({ postback: { mid: `m_${randomUUID()}`, title: 'Their own button' } })], 'standby')
    await stored({ kind: 'postback', text: 'Their own button' })
  })

  it('makes no conversation when it is no word of a person', async () => {
    const before = await Conversations.countDocuments()
    await take([
      event({ account_linking: { status: 'linked', authorization_code: 'x' } }),
      event({ optin: { type: 'notification_messages', payload: 'x', notification_messages_token: 't' } }),
      event({ request_thread_control: { requested_owner_app_id: 123, metadata: 'x' } }),
      event({ game_play: { game_id: '1' } }),
      event({ checkout_update: { payload: 'x' } }),
      event({ messaging_feedback: { feedback_screens: [] } }),
      event({ delivery: { watermark: 1e300, mids: [7, null, 'm'] } }),
      event({ read: { watermark: 'yesterday' } }),
      event({ read: {} }),
      { recipient: { id: pageId }, timestamp: 1, app_roles: { '123': ['primary_receiver'] } },
      { sender: { user_ref: 'x' }, recipient: { id: pageId }, optin: { ref: 'x', user_ref: 'x' } },
      event({ message: { text: 'the page itself' } }, pageId),
      event({ message: { text: 'nobody' } }, { $ne: 1 }),
      event({ telepathy: {} }),
      {},
    ])
    await take([{ field: 'feed', value: { item: 'comment', message: 'nice', from: { id: '1' } } }], 'changes')
    assert.equal(await Conversations.countDocuments(), before)
  })

  it('is kept whatever shape it has, and spoils nothing else of its batch', async () => {
    const nested = JSON.parse(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`) as Fields
    const odd = { 'nul\0key': 1, $set: 1, _bsontype: 'ObjectId', ['__proto__']: { polluted: true }, nested }
    const first = said({ text: 'first' })
    const last = said({ text: 'last' })
    const strange = said({
      text: 'nul\0 and \ud800',
      ...odd,
      attachments: [odd, { type: 'image', payload: odd }],
    })
    await take([
      first.event,
      strange.event,
      { ...said({ text: 'late' }).event, timestamp: 1e300 },
      { ...said({ text: 'early' }).event, timestamp: -1e300 },
      event({ ...odd, unknown: odd }),
      event({ message_edit: { mid: 'm_edit', text: 'new', num_edit: '1' }, timestamp: 1e300 }),
      event({ reaction: { mid: 'm_r', action: 'react', emoji: { $gt: '' }, reaction: 'other' } }),
      last.event,
    ])
    for (const { mid } of [first, strange, last]) await stored({ externalId: mid })
    assert.equal(({} as Fields)['polluted'], undefined)
  })

  it('is fetched from Meta alone, also where its address leads on to another', async () => {
    let asked = 0
    const inside = await listen((_request, response) => {
      asked += 1
      response.end('secret')
    })
    const meta = await listen((request, response) => {
      if (request.url === '/picture') return response.setHeader('content-type', 'image/png').end('picture')
      const location = request.url === '/here' ? '/picture' : request.url === '/round' ? '/round' : inside.url
      response.writeHead(302, { location }).end()
    })
    try {
      for (const address of [
        `${meta.url}/there`,
        inside.url,
        'file:///etc/passwd',
        'http://169.254.169.254/',
      ]) {
        await assert.rejects(fetchFile(address, meta.url), Refused, address)
      }
      assert.equal(asked, 0)
      assert.equal(await fetchFile(`${meta.url}/round`, meta.url), null)
      assert.equal(String((await fetchFile(`${meta.url}/here`, meta.url))?.bytes), 'picture')
    } finally {
      inside.server.close()
      meta.server.close()
    }
  })

  it('is answered with cards that keep its limits, whatever is in them', async () => {
    for (const [what, { card }] of extremeCards('messenger', await shopSettings(), 'M')) {
      assert.doesNotThrow(() => checkMessage(card, () => true), what)
    }
  })
})
