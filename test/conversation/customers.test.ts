import assert from 'node:assert/strict'
import { Outbox } from '../../models/broker.ts'
import { Customers } from '../../models/customer.ts'
import { becomeCustomer, rememberAddress, upsertCustomer } from '../../server/customer/index.ts'
import { transaction } from '../../server/database/index.ts'
import { emptyDatabase } from '../support/server.ts'

describe('a person behind a chat', () => {
  before(emptyDatabase)
  after(emptyDatabase)

  const somebody = { channel: 'line', externalId: 'U1', language: 'th' as const, name: 'Somchai Jai Dee' }

  it('is one customer, however many meet them at once', async () => {
    const met = await Promise.all(Array.from({ length: 10 }, () => upsertCustomer(somebody)))
    assert.equal(new Set(met.map(({ customer }) => String(customer._id))).size, 1)
    assert.equal(met.filter(({ isNew }) => isNew).length, 1)
  })

  it('becomes a customer once, and other services hear of it once', async () => {
    const { customer } = await upsertCustomer(somebody)
    const become = () => transaction((session) => becomeCustomer(session, customer))
    await Promise.all([become(), become(), become()])
    await become()
    const told = await Outbox.find({ type: 'customer.registered' }).lean()
    assert.equal(told.length, 1)
    assert.deepEqual(told[0]?.payload, {
      username: `c-${customer.number}`,
      firstName: 'Somchai Jai',
      lastName: 'Dee',
      email: '',
      phone: '',
    })
  })

  it('is offered their last addresses again, newest first, each once', async () => {
    const { customer } = await upsertCustomer(somebody)
    const address = (line1: string) => ({
      name: 'S',
      phone: '+66812345678',
      line1,
      postalCode: '10110',
      country: 'TH',
    })
    for (const line1 of ['1', '2', '3', '1', '4', '5', '6']) {
      await transaction((session) => rememberAddress(session, customer._id, address(line1)))
    }
    const { addresses = [] } = (await Customers.findById(customer._id).lean()) ?? {}
    assert.deepEqual(
      addresses.map(({ line1 }) => line1),
      ['6', '5', '4', '1', '3'],
    )
  })
})
