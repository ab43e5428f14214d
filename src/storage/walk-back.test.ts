import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { type Walk, walkBack } from './walk-back.ts'

const walkOver = (ids: readonly number[], changes: Partial<Walk<{ readonly id: number }>> = {}) => ({
  newest: 100,
  oldest: 1,
  step: 7,
  most: 30,
  limit: 5,
  read: async (first: number, last: number) =>
    ids
      .filter((id) => id >= first && id <= last)
      .toSorted((a, b) => b - a)
      .map((id) => ({ id })),
  fits: ({ id }: { readonly id: number }) => id % 2 === 0,
  weigh: () => 1,
  ...changes,
})

it('finds all of it, newest first and once each, over however many walks', async () => {
  const numbers = fc.integer({ min: 1, max: 100 })
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(numbers), numbers, numbers, numbers, async (ids, step, most, limit) => {
      const found: number[] = []
      let next: number | null = 101
      while (next !== null) {
        const walked: Awaited<ReturnType<typeof walkBack>> = await walkBack(
          walkOver(ids, { newest: next - 1, step, most, limit }),
        )
        assert.ok(walked.items.length <= limit)
        found.push(...walked.items.map(({ id }) => id))
        next = walked.next
      }
      const wanted = ids.filter((id) => id % 2 === 0).toSorted((a, b) => b - a)
      assert.deepEqual(found, wanted)
    }),
    { numRuns: 100 },
  )
})

it('ends an answer that grows too large, and goes on with what did not fit', async () => {
  const ids = [10, 8, 6]
  const walked = await walkBack(walkOver(ids, { newest: 10, weigh: () => 1_500_000 }))
  assert.deepEqual(walked, { items: [{ id: 10 }], next: 9 })
})
