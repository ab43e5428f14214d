import assert from 'node:assert/strict'
import { it } from 'node:test'
import { inSpiteOf } from './in-spite-of.ts'

it('does work anew that fails for a reason of the moment, and gives up on any other', async () => {
  const failing = (times: number, error: Error) => {
    let done = 0
    const work = async () => {
      if (++done <= times) throw error
      return done
    }
    return { work, done: () => done }
  }
  const passing = new Error('passing')
  const isPassing = (error: unknown) => error === passing
  assert.equal(await inSpiteOf(isPassing, failing(9, passing).work), 10)
  const stubborn = failing(99, passing)
  await assert.rejects(inSpiteOf(isPassing, stubborn.work), passing)
  assert.equal(stubborn.done(), 10)
  const other = failing(1, new Error('other'))
  await assert.rejects(inSpiteOf(isPassing, other.work), /other/)
  assert.equal(other.done(), 1)
})
