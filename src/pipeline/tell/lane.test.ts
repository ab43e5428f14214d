import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Notification } from '#core/message/notification.ts'
import { createLane } from './lane.ts'

const portion = (size: number): Notification[] => Array.from({ length: size }, (_, id) => ({ id }) as Notification)

describe('the lane of a channel', () => {
  it('begins with what may be under way at once, and hands out no more than that', () => {
    const lane = createLane()
    assert.equal(lane.wants(4), 4)
    lane.fill(portion(4), 0)
    assert.deepEqual(
      [1, 2, 3, 4].map(() => lane.next(3)?.id),
      [0, 1, 2, undefined],
    )
    lane.done()
    assert.equal(lane.next(3)?.id, 3)
  })

  it('takes more while the channel is quick, up to a limit, and little again when it is slow', () => {
    const lane = createLane()
    const sizes: number[] = []
    const use = (now: number) => {
      const size = lane.wants(2)
      sizes.push(size)
      lane.fill(portion(size), now)
      while (lane.next(2)) lane.done()
    }
    for (let now = 0; now < 1000; now += 100) use(now)
    assert.deepEqual(sizes.slice(0, 4), [2, 2, 4, 8])
    assert.equal(sizes.at(-1), 512)
    use(60_000)
    use(120_000)
    assert.equal(sizes.at(-1), 2)
  })

  it('is hungry with nothing in hand, and when little is left of a full portion', () => {
    const lane = createLane()
    assert.equal(lane.hungry(), true)
    for (const now of [0, 1, 2, 3]) lane.fill(portion(lane.wants(2)), now)
    assert.equal(lane.hungry(), false)
    while (lane.next(1)) {
      assert.equal(lane.wants(2) >= 0, true)
      if (lane.hungry()) break
      lane.done()
    }
    assert.equal(lane.hungry(), true)
    lane.wants(2)
    lane.fill(portion(1), 4)
    assert.equal(lane.hungry(), false)
  })

  it('wants nothing while enough is ready, and gives up what is', () => {
    const lane = createLane()
    lane.fill(portion(lane.wants(4)), 0)
    assert.equal(lane.wants(4), 0)
    assert.equal(lane.next(4)?.id, 0)
    assert.deepEqual(
      lane.empty().map(({ id }) => id),
      [1, 2, 3],
    )
    assert.equal(lane.next(4), undefined)
  })
})
