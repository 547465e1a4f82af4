import assert from 'node:assert/strict'
import { AppError } from '../../server/http/index.ts'
import { oneUpload } from '../../server/shop/index.ts'

describe('pictures that arrive at once', () => {
  it('are unpacked one after another, also after one that fails, and too many are told to come back', async () => {
    let open = 0
    let most = 0
    const { promise: begin, resolve: go } = Promise.withResolvers<void>()
    const unpack = async (number: number) => {
      open += 1
      most = Math.max(most, open)
      await begin
      open -= 1
      if (number === 3) throw new Error('no picture')
      return number
    }
    const all = Array.from({ length: 20 }, (_, number) => oneUpload(() => unpack(number)))
    const settled = Promise.allSettled(all)
    await assert.rejects(
      async () => oneUpload(() => unpack(20)),
      (error) => error instanceof AppError && error.status === 429,
    )
    go()
    const done = (await settled).map(({ status }) => status)
    assert.equal(most, 1)
    assert.deepEqual([done.length, done.indexOf('rejected'), done.lastIndexOf('rejected')], [20, 3, 3])
    assert.equal(await oneUpload(() => unpack(21)), 21)
  })
})
