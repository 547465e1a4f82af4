import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import mongoose from 'mongoose'
import { root } from '../../server/settings.ts'
import { databaseUri, scratchDir } from '../support/setup.ts'

const run = promisify(execFile)

describe('npm run reset-demo', () => {
  const name = `reset_${process.pid}`
  const address = () => {
    const url = new URL(databaseUri())
    url.pathname = `/${name}`
    return url.href
  }
  const sample = () => mongoose.connection.getClient().db(name)
  const reset = (env: Record<string, string> = {}, ...country: string[]) =>
    run(process.execPath, [join(root, 'server', 'shop', 'reset-demo.ts'), ...country], {
      env: {
        PATH: process.env['PATH'] ?? '',
        DATA_DIR: scratchDir(),
        MONGODB_URI: address(),
        SANDBOX: '1',
        ...env,
      },
    })
  after(() => sample().dropDatabase())

  it('empties orders and chats, sets the goods up again, and leaves the staff their logins', async () => {
    await sample().collection('orders').insertOne({ regNo: 'old' })
    await sample().collection('messages').insertOne({ text: 'old' })
    await sample().collection('users').insertOne({ username: 'somebody' })
    const { stdout } = await reset()
    assert.match(stdout, /as new/)
    const count = (collection: string) => sample().collection(collection).countDocuments()
    assert.deepEqual(await Promise.all(['orders', 'messages', 'users', 'products'].map(count)), [0, 0, 1, 12])
  })

  it('sets the shop up in another country, and knows which there are', async () => {
    await reset({}, 'jp')
    const shop = await sample()
      .collection<{ _id: string; currency: string; language: string; zone: string }>('shop_settings')
      .findOne({ _id: 'shop' })
    assert.deepEqual([shop?.currency, shop?.language, shop?.zone], ['JPY', 'ja', 'Asia/Tokyo'])
    const goods = await sample().collection('products').find().toArray()
    assert(goods.every(({ prices }) => prices.JPY > 0))
    await assert.rejects(reset({}, 'XX'), /TH, ID, JP, TM, RU/)
  })

  it('touches nothing of a shop that is no sample', async () => {
    await sample().collection('orders').insertOne({ regNo: 'real' })
    const real = { SANDBOX: '0', OMISE_PUBLIC_KEY: 'pkey_live', OMISE_SECRET_KEY: 'skey_live' }
    await assert.rejects(reset(real), /nothing was deleted/)
    assert.equal(await sample().collection('orders').countDocuments(), 1)
  })
})
