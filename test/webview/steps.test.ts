import assert from 'node:assert/strict'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { wordsOf } from '../../server/pages/words.ts'
import type { Next, OrderView, ShopView } from '../../server/pipeline/contract.ts'
import { root } from '../../server/settings.ts'

type Render = (boot: object) => Promise<string>

const shop: ShopView = {
  name: 'Pomelo House',
  logo: null,
  colour: '#0b6b4f',
  country: 'TH',
  zone: 'Asia/Bangkok',
  language: 'en',
  languages: ['en'],
  contact: { phone: '', email: '', address: '', url: '' },
  policy: '',
  chatUrl: '',
}

const order: OrderView = {
  id: '1',
  regNo: 'P-000001',
  version: 4,
  state: 'AWAITING_PAYMENT',
  currency: 'THB',
  language: 'en',
  lines: [],
  discount: 0,
  totals: { items: 48_600, discount: 0, delivery: 0, total: 48_600, vat: 0 },
  vatPercent: 0,
  needsDelivery: false,
  logistics: true,
  address: null,
  contact: null,
  needsContact: false,
  savedAddresses: [],
  proven: false,
  delivery: null,
  couriers: [],
  points: [],
  payment: { gateway: 'omise', method: 'promptpay' },
  methods: [],
  card: null,
  attempt: null,
  deadline: null,
  holdsUntil: null,
  paidAt: null,
  refunded: 0,
  tickets: [],
  tracking: null,
  cancelReason: null,
  now: '2026-11-21T00:00:00.000Z',
}

/** Steps of gateways that this shop may get: the page draws each kind, whoever asks for it. */
describe('what a gateway asks of the customer', () => {
  let render: Render
  before(async () => {
    const file = pathToFileURL(join(root, 'dist', 'server', 'entry-server.js')).href
    render = ((await import(file)) as { render: Render }).render
  })

  const page = (next: Next | null, state = 'PENDING', left = false) =>
    render({
      kind: 'checkout',
      shop,
      language: 'en',
      reason: null,
      liffId: null,
      liffSdk: null,
      known: false,
      left,
      opening: false,
      messages: wordsOf('en'),
      order: {
        ...order,
        attempt: { state, next, expiresAt: '2026-11-21T00:15:00.000Z', failureCode: null, amount: 48_600 },
      },
    })

  it('is a QR with its countdown, by the time of the server', async () => {
    const html = await page({ kind: 'qr', image: 'data:,', expiresAt: '2026-11-21T00:14:30.000Z' })
    assert.match(html, /Pay with PromptPay/)
    assert.match(html, /14:30/)
    assert.match(html, /฿486/)
    assert.match(html, /P-000001/)
  })

  it('is a code in groups, good until a time in the zone of the shop', async () => {
    const expiresAt = '2026-11-24T10:00:00.000Z'
    const html = await page({ kind: 'code', code: '123456789012', store: 'Lawson', expiresAt })
    assert.match(html, /1234 5678 9012/)
    assert.match(html, /Tue 24 Nov 17:00 \(Thailand time\)/)
  })

  it("is the bank's page, in its place or in a window", async () => {
    assert.match(await page({ kind: 'redirect', url: 'https://bank.example/pay' }), /bank\.example\/pay/)
    assert.match(await page({ kind: 'popup', url: 'https://bank.example/pay' }), /Open the bank/)
    const left = await page({ kind: 'redirect', url: 'https://bank.example/pay' }, 'PENDING', true)
    assert.match(left, /You cancelled on the payment page/)
    assert.match(left, /bank\.example\/pay/)
    assert.match(left, /Choose another way/)
  })

  it('is to wait while nobody knows, and then no other way is offered', async () => {
    assert.match(await page({ kind: 'checking' }), /We are checking your payment/)
    const unknown = await page({ kind: 'redirect', url: 'https://bank.example/pay' }, 'UNKNOWN')
    assert.match(unknown, /We are checking your payment/)
    assert.doesNotMatch(unknown, /Choose another way/)
  })
})
