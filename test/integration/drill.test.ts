import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cases } from '../../drill/cases/index.ts'
import { cannotBuild } from '../../drill/network.ts'
import { storm } from '../../drill/storm.ts'

/** Of the storm drill, what fits into a test run; `npm run drill` plays all of it. */
const PLAYED = ['pop dies']
/** Slower than the drill of its own, for tests run side by side. */
const SPEED = 25

describe('storm drill', { skip: cannotBuild() ?? false }, () => {
  it('a POP dies, and one server with it: one message and its recovery', { timeout: 110_000 }, async (context) => {
    const rows = await storm(
      cases.filter(({ name }) => PLAYED.includes(name)),
      { speed: SPEED },
    )
    for (const { faults: _, ...row } of rows) context.diagnostic(JSON.stringify(row))
    assert.equal(rows.length, 2 * PLAYED.length)
    for (const { case: name, faults } of rows) assert.deepEqual(faults, [], name)
  })
})
