import assert from 'node:assert/strict'
import sharp from 'sharp'
import { AuditEntries } from '../../models/shop.ts'
import { Products, StockMovements } from '../../models/store.ts'
import type { ProductView, StoreView } from '../../server/store/contract.ts'
import { expectStatus } from '../support/client.ts'
import { loginAs, type StaffMember } from '../support/people.ts'
import { startServer, type TestServer } from '../support/server.ts'

interface Page {
  products: ProductView[]
  cursor: string | null
}

describe('the products of a shop', () => {
  let shop: TestServer
  let manager: StaffMember
  let store: StoreView
  before(async () => {
    shop = await startServer()
    manager = await loginAs(shop.url, 'manager')
    store = await expectStatus(200, manager.post<StoreView>('/api/stores', { name: 'Ari' }))
  })
  after(() => shop.close())

  const add = (product: Record<string, unknown>) =>
    expectStatus(200, manager.post<ProductView>('/api/products', { prices: { THB: 10_000 }, ...product }))
  const search = async (q: string, more = '') =>
    expectStatus(200, manager.get<Page>(`/api/products?q=${encodeURIComponent(q)}${more}`))
  const namesOf = ({ products }: Page) => products.map(({ name }) => name)

  it('are found by a Thai or Japanese word inside their name, those that begin with it first', async () => {
    await add({ name: 'แยมมะม่วงเสาวรส' })
    await add({ name: 'มะม่วงอบแห้ง' })
    await add({ name: '抹茶入り玄米茶' })
    await add({ name: 'Honey ＡＢＣ', variants: [{ sku: 'HON-250', name: 'ขวดเล็ก' }] })
    assert.deepEqual(namesOf(await search('มะม่วง')), ['มะม่วงอบแห้ง', 'แยมมะม่วงเสาวรส'])
    assert.deepEqual(namesOf(await search('玄米')), ['抹茶入り玄米茶'])
    assert.deepEqual(namesOf(await search('茶')), ['抹茶入り玄米茶'])
    assert.deepEqual(namesOf(await search('honey abc')), ['Honey ＡＢＣ'])
    assert.deepEqual(namesOf(await search('hon-250')), ['Honey ＡＢＣ'])
    assert.deepEqual(namesOf(await search('ขวดเล็ก')), ['Honey ＡＢＣ'])
    assert.deepEqual(namesOf(await search('ไม่มี')), [])
    assert.deepEqual(namesOf(await search('.*')), await search('').then(namesOf))
  })

  it('come page by page, each once', async () => {
    for (let index = 0; index < 7; index += 1)
      await add({ name: index % 2 ? `Tray ${index}` : `Big tray ${index}` })
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Page = await search('tray', `&limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...namesOf(page))
      cursor = page.cursor
    }
    assert.deepEqual(seen, [
      'Tray 1',
      'Tray 3',
      'Tray 5',
      'Big tray 0',
      'Big tray 2',
      'Big tray 4',
      'Big tray 6',
    ])
    await expectStatus(400, manager.get('/api/products?cursor=nonsense'))
  })

  it('are changed by whoever saw them last, and the other is told what they are now', async () => {
    const product = await add({ name: 'Cup' })
    const at = `/api/products/${product.id}`
    const changed = await expectStatus(
      200,
      manager.patch<ProductView>(at, { version: product.version, prices: { THB: 12_000 }, hidden: true }),
    )
    assert.equal(changed.version, product.version + 1)
    assert.equal((await Products.findById(product.id).lean())?.priceVersion, 2)
    const refused = await expectStatus(
      409,
      manager.patch<{ error: { code: string; details: { product: ProductView } } }>(at, {
        version: product.version,
        name: 'Mug',
      }),
    )
    assert.equal(refused.error.code, 'product.stale')
    assert.equal(refused.error.details.product.prices['THB'], 12_000)
    const entry = await AuditEntries.findOne({ subject: product.id, action: 'product.changed' }).lean()
    assert.equal(entry?.by, manager.id)
  })

  it('refuse prices and names that are none, and an SKU that is taken', async () => {
    for (const wrong of [
      { name: '' },
      { name: 'X', prices: {} },
      { name: 'X', prices: { THB: -1 } },
      { name: 'X', prices: { THB: 0.5 } },
      { name: 'X', prices: { THB: '1e3' } },
      { name: 'X', prices: { XXX: 1 } },
      { name: { $ne: null } },
      { name: 'X', number: 5 },
    ]) {
      await expectStatus(400, manager.post('/api/products', { prices: { THB: 1 }, ...wrong }))
    }
    await add({ name: 'A', variants: [{ sku: 'SAME' }] })
    await expectStatus(
      409,
      manager.post('/api/products', { name: 'B', prices: { THB: 1 }, variants: [{ sku: 'SAME' }] }),
    )
    const agent = await loginAs(shop.url, 'agent')
    await expectStatus(403, agent.post('/api/products', { name: 'B', prices: { THB: 1 } }))
  })

  it('have a stock that moves by difference or count, never below zero, each move written down', async () => {
    const product = await add({ name: 'Rice', variants: [{ sku: 'RICE' }] })
    const move = (change: Record<string, unknown>) =>
      manager.put<ProductView & { error: { code: string } }>(`/api/products/${product.id}/stock`, {
        sku: 'RICE',
        storeId: store.id,
        reason: 'Delivery',
        ...change,
      })
    const here = ({ stock }: ProductView) => stock.find(({ storeId }) => storeId === store.id)?.available
    assert.equal(here(await expectStatus(200, move({ change: 10 }))), 10)
    assert.equal(here(await expectStatus(200, move({ counted: 7, expected: 10 }))), 7)
    assert.equal((await expectStatus(409, move({ counted: 9, expected: 10 }))).error.code, 'stock.moved')
    assert.equal((await expectStatus(409, move({ change: -8 }))).error.code, 'stock.short')
    await expectStatus(400, move({ change: 1, counted: 1 }))
    const taken = await Promise.all(Array.from({ length: 10 }, () => move({ change: -1 })))
    assert.equal(taken.filter(({ status }) => status === 200).length, 7)
    const moves = await StockMovements.find({ sku: 'RICE' }).lean()
    assert.equal(
      moves.reduce((sum, { change }) => sum + change, 0),
      0,
    )
    await expectStatus(404, move({ sku: 'OTHER', change: 1 }))
  })

  it('keep a variant that still has stock', async () => {
    const product = await add({
      name: 'Cloth',
      variants: [
        { sku: 'RED', name: 'red' },
        { sku: 'BLUE', name: 'blue' },
      ],
    })
    const at = `/api/products/${product.id}`
    await expectStatus(
      200,
      manager.put(`${at}/stock`, { sku: 'RED', storeId: store.id, change: 1, reason: 'first' }),
    )
    await expectStatus(409, manager.patch(at, { version: product.version, variants: [{ sku: 'BLUE' }] }))
    await expectStatus(200, manager.patch(at, { version: product.version, variants: [{ sku: 'RED' }] }))
  })

  it('show photos: upright, small, without what the camera knew, at an address that stays', async () => {
    const product = await add({ name: 'Photo' })
    const photo = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: '#c33' } })
      .jpeg()
      .withExif({ IFD3: { GPSLatitude: '13/1 45/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .toBuffer()
    const answer = await manager.send<ProductView>('POST', `/api/products/${product.id}/images`, {
      body: new Uint8Array(photo),
      headers: { 'content-type': 'image/jpeg' },
    })
    assert.equal(answer.status, 200, answer.text)
    const [address = ''] = answer.body.images
    const served = await fetch(shop.url + address)
    assert.equal(served.headers.get('content-type'), 'image/jpeg')
    assert.match(served.headers.get('cache-control') ?? '', /immutable/)
    const { width, height, exif } = await sharp(Buffer.from(await served.arrayBuffer())).metadata()
    assert.deepEqual([width, height, exif], [512, 1024, undefined])
    const removed = await expectStatus(
      200,
      manager.delete<ProductView>(`/api/products/${product.id}/images/0`),
    )
    assert.deepEqual(removed.images, [])
  })

  it('refuse files that are no photographs', async () => {
    const product = await add({ name: 'Hostile' })
    const bomb = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 9 })
      .toBuffer()
    const files = [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      Buffer.from('ffd8ffe0', 'hex'),
      Buffer.from('GIF89a not really'),
      Buffer.alloc(0),
      bomb,
    ]
    for (const file of files) {
      const { status, text } = await manager.send('POST', `/api/products/${product.id}/images`, {
        body: new Uint8Array(file),
      })
      assert.equal(status, 415, text)
    }
    await expectStatus(404, shop.browser().get('/images/nothing-here.jpg'))
  })

  it('tell other services how much of them lies where', async () => {
    const product = await add({ name: 'Counted', variants: [{ sku: 'CNT' }] })
    await expectStatus(
      200,
      manager.put(`/api/products/${product.id}/stock`, {
        sku: 'CNT',
        storeId: store.id,
        change: 4,
        reason: 'first',
      }),
    )
    const places = await expectStatus(200, manager.get(`/api/store/get?productId=${product.number}`))
    assert.deepEqual(places, {
      productId: product.number,
      productPlaces: [{ store: { id: store.number, name: 'Ari', address: '' }, quantity: 4 }],
    })
    await expectStatus(401, shop.browser().get(`/api/store/get?productId=${product.number}`))
    await expectStatus(404, manager.get('/api/store/get?productId=999999'))
  })
})
