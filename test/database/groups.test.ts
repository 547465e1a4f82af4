import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { inGroups } from '../../server/database/index.ts'

interface Item {
  key: string
  number: number
}
const settings = { lanes: 2, most: 4, keyOf: ({ key }: Item) => key }
const items = (count: number, keys: number): Item[] =>
  Array.from({ length: count }, (_, number) => ({ key: String(number % keys), number }))

describe('work in groups', () => {
  it('takes up to so many together, and never two of one key at once', async () => {
    const inHand = new Set<string>()
    const done: number[] = []
    let most = 0
    let groups = 0
    const work = inGroups(async (group: Item[]) => {
      most = Math.max(most, group.length)
      groups += 1
      for (const { key } of group) {
        assert(!inHand.has(key))
        inHand.add(key)
      }
      await turn()
      for (const { key, number } of group) {
        inHand.delete(key)
        done.push(number)
      }
      return group.map(({ number }) => number)
    }, settings)
    const answers = await Promise.all(items(30, 10).map(work))
    assert.deepEqual(
      answers,
      items(30, 10).map(({ number }) => number),
    )
    assert.equal(most, 4)
    assert(groups < 30)
    // Those of one key in the order in which they came.
    for (let key = 0; key < 10; key += 1) {
      assert.deepEqual(
        done.filter((number) => number % 10 === key),
        [key, key + 10, key + 20],
      )
    }
  })

  it('works through what has failed one by one, and then what came behind', async () => {
    const work = inGroups((group: Item[]): Promise<number[]> => {
      if (group.some(({ number }) => number === 2)) throw new Error('two')
      return Promise.resolve(group.map(({ number }) => number))
    }, settings)
    const answers = await Promise.allSettled(items(12, 3).map(work))
    assert.deepEqual(
      answers.flatMap((answer, index) => (answer.status === 'rejected' ? index : [])),
      [2],
    )
  })

  it('keeps no lane for what takes long by itself', async () => {
    const release = Promise.withResolvers<void>()
    const work = inGroups(async (group: Item[], alone) => {
      const isLocked = group.some(({ number }) => number < 3)
      if (isLocked && !alone) throw new Error('locked')
      if (isLocked) await release.promise
      return group.map(({ number }) => number)
    }, settings)
    const all = items(12, 12)
    const locked = all.slice(0, 3).map(work)
    await Promise.all(all.slice(3).map(work))
    release.resolve()
    assert.deepEqual(await Promise.all(locked), [0, 1, 2])
  })
})
