import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { advanceTrust, BELIEVED_AFTER_MS, type TrustedTime } from './trusted-time.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOON = 1_800_000_000_000

/** The trusted time after turns of an hour, in each of which the clock stands so far from the truth. */
const after = (errors: readonly number[], begin: TrustedTime = { at: NOON, waitedMs: 0 }): TrustedTime =>
  errors.reduce((trust, error, turn) => advanceTrust(trust, NOON + (turn + 1) * HOUR + error, HOUR), begin)

describe('the time that removing trusts', () => {
  it('follows a clock that runs', () => {
    assert.deepEqual(after([0, 500, -500]), { at: NOON + 3 * HOUR - 500, waitedMs: 0 })
  })

  it('goes forward by what was counted while the clock stands ahead, and forgets a jump that was taken back', () => {
    assert.deepEqual(after([0, 365 * DAY, 365 * DAY]), { at: NOON + 3 * HOUR, waitedMs: 2 * HOUR })
    assert.deepEqual(after([0, 365 * DAY, 365 * DAY, 0]), { at: NOON + 4 * HOUR, waitedMs: 0 })
  })

  it('believes a jump that has stayed for a day', () => {
    const turns = BELIEVED_AFTER_MS / HOUR
    assert.equal(after(Array(turns - 1).fill(DAY)).at, NOON + (turns - 1) * HOUR)
    assert.equal(after(Array(turns).fill(DAY)).at, NOON + turns * HOUR + DAY)
  })

  it('is never ahead of the clock, and follows one that was set back at once', () => {
    assert.deepEqual(after([0, -20 * 365 * DAY]), { at: NOON + 2 * HOUR - 20 * 365 * DAY, waitedMs: 0 })
  })

  it('is never further than the time that was counted, whatever the clock does within a day', () => {
    const errors = fc.array(fc.integer({ min: -400 * DAY, max: 400 * DAY }), { minLength: 1, maxLength: 23 })
    fc.assert(
      fc.property(errors, (all) => {
        const { at } = after(all)
        // Each turn may take over what is left to noise.
        assert.ok(at <= NOON + all.length * (HOUR + 300_000))
        assert.ok(at <= NOON + all.length * HOUR + all.at(-1)!)
      }),
    )
  })
})
