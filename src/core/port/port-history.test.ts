import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPortHistory } from './port-history.ts'
import { COUNTERS, type PortSamples, TCP_STATES } from './port-sample.ts'

const START = 1_700_000_000_000

const samples = (
  at: number,
  ports: Readonly<Record<number, { established?: number; listeners?: number }>>,
): PortSamples => ({
  at,
  via: 'netlink',
  complete: true,
  left: 0,
  ports: Object.entries(ports).map(([port, { established = 0, listeners = 1 }]) => {
    const local = new Uint32Array(COUNTERS)
    local[0] = established
    // The same state over IPv6.
    local[TCP_STATES.length] = 1
    return { port: Number(port), local, listeners: { count: listeners, queue: 0, limit: null, full: 0 } }
  }),
})

describe('the history of ports', () => {
  it('keeps the peak of each step, both families together, and the fewest listeners', () => {
    const history = createPortHistory()
    for (let n = 0; n < 24; n++)
      history.add(samples(START + n * 5000, { 80: { established: n === 7 ? 500 : 2, listeners: n === 20 ? 0 : 1 } }))
    const points = history.series(80, START, START + 120_000, 60_000)!
    assert.deepEqual(
      points.map(({ states, listeners }) => [states.ESTABLISHED, listeners]),
      [
        [501, 1],
        [3, 1],
        [3, 0],
      ],
    )
    assert.ok(points.every(({ at, queueLimit }) => at % 60_000 === 0 && queueLimit === null))
    assert.deepEqual(history.series(81, START, START + 1, 1000), undefined)
    assert.deepEqual(history.series(80, START + 200_000, START + 300_000, 1000), [])
  })

  it('forgets what is older than a day, and ports that are gone', () => {
    const history = createPortHistory()
    for (let n = 0; n < 60; n++) history.add(samples(START + n * 5000, { 80: {}, 81: {} }))
    for (let n = 0; n < 61; n++) history.add(samples(START + 25 * 3_600_000 + n * 5000, { 80: {} }))
    assert.equal(history.series(81, 0, START * 2, 1000), undefined)
    assert.equal(history.series(80, 0, START * 2, 1000)!.length, 61)
  })

  it('stays within its bound, however many ports there are', () => {
    const history = createPortHistory()
    const many = (from: number) => Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [from + n, {}]))
    for (const from of [1, 3001, 6001, 9001, 12_001]) history.add(samples(START + from, many(from)))
    assert.equal(history.series(1, 0, START * 2, 1000), undefined)
    assert.equal(history.series(12_500, 0, START * 2, 1000)!.length, 1)
  })
})
