import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { AuditEntries } from '../../models/shop.ts'
import type { ConversationView, CustomerView, MessageView } from '../../server/conversation/contract.ts'
import { type ChatShop, conversationWith, openShop, until } from '../support/chat.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs } from '../support/people.ts'

interface List {
  conversations: ConversationView[]
  next: string | null
  counts: { mine: number; unassigned: number; all: number }
}

describe('the conversations of staff', () => {
  let shop: ChatShop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const list = (query = '') => expectStatus<List>(200, shop.staff.get(`/api/conversations${query}`))
  const conversation = async (user: Parameters<typeof conversationWith>[0]) =>
    String((await conversationWith(user))._id)

  it('are listed newest first, by tab, with counts', async () => {
    const [first, second] = [
      await shop.meet({ displayName: 'First' }),
      await shop.meet({ displayName: 'Second' }),
    ]
    const { conversations, counts } = await list()
    assert.deepEqual(
      conversations.slice(0, 2).map(({ customer }) => customer.name),
      ['Second', 'First'],
    )
    await expectStatus(
      200,
      shop.staff.patch(`/api/conversations/${await conversation(first)}`, { assignee: shop.staff.id }),
    )
    const mine = await list('?assignee=me')
    assert.deepEqual(
      mine.conversations.map(({ customer }) => customer.name),
      ['First'],
    )
    assert.equal(mine.conversations[0]?.assignee?.name, 'Anong Dee')
    assert.deepEqual(mine.counts, { mine: 1, unassigned: counts.unassigned - 1, all: counts.all })
    assert(!(await list('?assignee=none')).conversations.some(({ customer }) => customer.name === 'First'))
    await expectStatus(
      200,
      shop.staff.patch(`/api/conversations/${await conversation(second)}`, { state: 'resolved' }),
    )
    assert(!(await list()).conversations.some(({ customer }) => customer.name === 'Second'))
    assert.equal((await list('?status=resolved')).conversations.length, 1)
    assert(await AuditEntries.exists({ action: 'conversation.changed', by: shop.staff.id }))
  })

  it('come page by page', async () => {
    for (let index = 0; index < 42; index++) {
      const user = shop.line.createUser({ displayName: `Page ${index}` })
      await shop.line.say(user.userId, 'hi')
    }
    await until(async () => (await list()).counts.all >= 43)
    const first = await list()
    assert.equal(first.conversations.length, 40)
    const rest = await list(`?cursor=${first.next}`)
    const ids = [...first.conversations, ...rest.conversations].map(({ id }) => id)
    assert.equal(new Set(ids).size, first.counts.all)
    assert.equal(rest.next, null)
  })

  it('are found by name and by what was written, Thai words inside of others too', async () => {
    const user = await shop.meet({ displayName: 'Somsri (VIP)' })
    await shop.line.say(user.userId, 'อยากได้เสื้อยืดสีขาว')
    await until(async () => (await conversationWith(user)).preview.includes('สีขาว'))
    for (const q of ['somsri', '(VIP)', 'เสื้อยืด']) {
      const { conversations } = await list(`?q=${encodeURIComponent(q)}`)
      assert.deepEqual(
        conversations.map(({ customer }) => customer.name),
        ['Somsri (VIP)'],
        q,
      )
    }
    await expectStatus(400, shop.staff.get('/api/conversations?q[$ne]=x'))
  })

  it('count what each member of staff has not read', async () => {
    const user = await shop.meet()
    const id = await conversation(user)
    const colleague = await loginAs(shop.server.url, 'agent', 'Boon Mee')
    const unread = async (staff: typeof colleague) =>
      (await expectStatus<ConversationView>(200, staff.get(`/api/conversations/${id}`))).unread
    assert.equal(await unread(shop.staff), 1)
    await expectStatus(200, shop.staff.post(`/api/conversations/${id}/read`))
    assert.equal(await unread(shop.staff), 0)
    assert.equal(await unread(colleague), 1)
    await shop.line.say(user.userId, 'more')
    await until(async () => (await unread(shop.staff)) === 1)
  })

  it('show their thread page by page', async () => {
    const user = await shop.meet()
    const id = await conversation(user)
    for (let index = 0; index < 60; index++) {
      await shop.staff.post(`/api/conversations/${id}/messages`, {
        kind: 'note',
        text: `note ${index}`,
        clientId: randomUUID(),
      })
    }
    const last = await expectStatus<{ messages: MessageView[]; before: string | null }>(
      200,
      shop.staff.get(`/api/conversations/${id}/messages`),
    )
    assert.equal(last.messages.length, 50)
    assert.equal(last.messages.at(-1)?.text, 'note 59')
    const { messages, before } = await expectStatus<{ messages: MessageView[]; before: string | null }>(
      200,
      shop.staff.get(`/api/conversations/${id}/messages?before=${last.before}`),
    )
    assert.equal(before, null)
    assert.equal(messages.length + 50, 62)
  })

  it('are snoozed until a time that is still to come', async () => {
    const id = await conversation(await shop.meet())
    const path = `/api/conversations/${id}`
    await expectStatus(400, shop.staff.patch(path, { state: 'snoozed' }))
    await expectStatus(
      400,
      shop.staff.patch(path, { state: 'snoozed', snoozedUntil: '2020-01-01T00:00:00Z' }),
    )
    await expectStatus(
      200,
      shop.staff.patch(path, { state: 'snoozed', snoozedUntil: '2099-01-01T00:00:00Z' }),
    )
    await expectStatus(404, shop.staff.patch(path, { assignee: 'f'.repeat(24) }))
    await expectStatus(400, shop.staff.patch(path, { waitingSince: null }))
  })

  it('answer 404 to a customer, and 401 to nobody', async () => {
    const id = await conversation(await shop.meet())
    await expectStatus(401, shop.server.browser().get(`/api/conversations/${id}`))
    await expectStatus(404, shop.staff.get(`/api/conversations/${'f'.repeat(24)}`))
    await expectStatus(404, shop.staff.get(`/api/conversations/${'f'.repeat(24)}/messages`))
    await expectStatus(404, shop.server.browser().get(`/media/${'x'.repeat(32)}`))
  })

  it('come with a customer whom staff describe', async () => {
    const user = await shop.meet({ displayName: 'Described' })
    const { customer } = await conversationWith(user)
    const path = `/api/customers/${customer}`
    const changed = await expectStatus<CustomerView>(
      200,
      shop.staff.patch(path, {
        notes: 'Likes blue',
        labels: ['vip', 'vip'],
        language: 'en',
        email: 'a@b.example',
      }),
    )
    assert.deepEqual([changed.labels, changed.language, changed.notes], [['vip'], 'en', 'Likes blue'])
    await expectStatus(400, shop.staff.patch(path, { domain: 'CUSTOMER' }))
    await expectStatus(400, shop.staff.patch(path, { notes: { $gt: '' } }))
    await expectStatus(404, shop.staff.patch(`/api/customers/${'f'.repeat(24)}`, { notes: '' }))
    await expectStatus(401, shop.server.browser().get(path))
  })

  it('have answers at hand', async () => {
    const made = await expectStatus<{ id: string }>(
      200,
      shop.staff.post('/api/canned-replies', { shortcut: 'ที่อยู่', text: 'Our shop is …', language: 'th' }),
    )
    await expectStatus(
      409,
      shop.staff.post('/api/canned-replies', { shortcut: 'ที่อยู่', text: 'again', language: 'th' }),
    )
    await expectStatus(400, shop.staff.post('/api/canned-replies', { shortcut: 'has space', text: 'x' }))
    const path = `/api/canned-replies/${made.id}`
    await expectStatus(200, shop.staff.put(path, { shortcut: 'address', text: 'Here', language: null }))
    const { cannedReplies } = await expectStatus<{ cannedReplies: { shortcut: string }[] }>(
      200,
      shop.staff.get('/api/canned-replies'),
    )
    assert.deepEqual(
      cannedReplies.map(({ shortcut }) => shortcut),
      ['address'],
    )
    await expectStatus(200, shop.staff.delete(path))
  })
})
