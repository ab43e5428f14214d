import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { COUNTERS, type PortSample, type PortSamples, TCP_STATES, type TcpState } from './port-sample.ts'
import { createPortStateDetector, DEFAULT_PORT_LIMITS, type PortStateLimits } from './port-state.ts'

const RANGE = { low: 32_768, high: 60_999 }

const counters = (counts: Partial<Record<TcpState, number>>): Uint32Array => {
  const made = new Uint32Array(COUNTERS)
  for (const [state, count] of Object.entries(counts)) made[TCP_STATES.indexOf(state as TcpState)] = count
  return made
}

interface Look {
  readonly local?: Partial<Record<TcpState, number>>
  readonly remote?: Partial<Record<TcpState, number>>
  readonly listeners?: Partial<PortSample['listeners']>
  readonly complete?: boolean
}

/** Feeds samples of port 443 to a detector; `problem state` of each event, with the number of the sample. */
const tell = (looks: readonly Look[], limits: PortStateLimits = DEFAULT_PORT_LIMITS): string[] => {
  const detector = createPortStateDetector(() => limits)
  return looks.flatMap(({ local = {}, remote, listeners = {}, complete = true }, index) => {
    const sample: PortSample = {
      port: 443,
      local: counters(local),
      ...(remote && { remote: counters(remote) }),
      listeners: { count: 1, queue: 0, limit: 128, full: 0, ...listeners },
    }
    const samples: PortSamples = { at: index * 5000, via: 'netlink', ports: [sample], complete, left: 0 }
    return detector.look(samples, RANGE).map(({ data }) => `${index} ${data.problem} ${data.state}`)
  })
}

const times = (count: number, look: Look): Look[] => Array.from({ length: count }, () => look)

describe('port states', () => {
  it('says nothing of a port that is well', () => {
    assert.deepEqual(tell(times(100, { local: { ESTABLISHED: 500, SYN_RECV: 3, TIME_WAIT: 9000 } })), [])
  })

  it('tells a flood once when it has lasted, and its end once', () => {
    const calm = times(20, { local: { SYN_RECV: 4 } })
    const flood = times(10, { local: { SYN_RECV: 900 } })
    assert.deepEqual(tell([...calm, ...flood, ...calm]), ['22 syn_flood firing', '32 syn_flood resolved'])
  })

  it('a port that usually has many half-open connections is no flood', () => {
    const listeners = { limit: 4096 }
    const usual = times(50, { local: { SYN_RECV: 90 }, listeners })
    assert.deepEqual(tell([...usual, ...times(20, { local: { SYN_RECV: 300 }, listeners })]), [])
  })

  it('a listener whose queue holds fewer than the bound is flooded when it is full', () => {
    const short = { limit: 16 }
    const calm = times(5, { local: { SYN_RECV: 2 }, listeners: short })
    assert.deepEqual(tell([...calm, ...times(3, { local: { SYN_RECV: 17 }, listeners: short })]), [
      '7 syn_flood firing',
    ])
    assert.deepEqual(tell(times(9, { local: { SYN_RECV: 2 }, listeners: { limit: 1 } })), [])
  })

  it('tells a flood that was under way when the looking began', () => {
    assert.deepEqual(tell(times(4, { local: { SYN_RECV: 5000 } })), ['2 syn_flood firing'])
  })

  it('a figure that swings around its limit does not flap', () => {
    const swing = Array.from({ length: 40 }, (_, index) => ({ local: { SYN_RECV: index % 2 === 0 ? 110 : 95 } }))
    const told = tell([...times(10, { local: { SYN_RECV: 1 } }), ...times(3, { local: { SYN_RECV: 110 } }), ...swing])
    assert.deepEqual(told, ['12 syn_flood firing'])
  })

  it('connections that are not closed are a leak while they grow', () => {
    const growing = Array.from({ length: 6 }, (_, index) => ({ local: { CLOSE_WAIT: 150 + index } }))
    const falling = Array.from({ length: 6 }, (_, index) => ({ local: { CLOSE_WAIT: 150 - 5 * index } }))
    assert.deepEqual(tell(growing), ['2 close_wait_leak firing'])
    assert.deepEqual(tell([{ local: { CLOSE_WAIT: 160 } }, ...falling]), [])
  })

  it('exhaustion is held against the range of local ports, on the side that takes them', () => {
    const many = { TIME_WAIT: 25_000 }
    assert.deepEqual(tell(times(3, { remote: many })), ['2 time_wait_exhaustion firing'])
    assert.deepEqual(tell(times(9, { local: many, remote: {} })), [])
  })

  it('a listener that goes is told, one that never was is not', () => {
    const gone = times(3, { listeners: { count: 0 } })
    assert.deepEqual(tell([...times(2, {}), ...gone, ...times(3, {})]), [
      '4 listener_gone firing',
      '7 listener_gone resolved',
    ])
    assert.deepEqual(tell(times(20, { listeners: { count: 0 } })), [])
  })

  it('a full queue is told; where the limit is not known nothing is', () => {
    assert.deepEqual(tell(times(3, { listeners: { queue: 129, full: 1 } })), ['2 accept_queue_overflow firing'])
    assert.deepEqual(tell(times(9, { listeners: { queue: 129, limit: null } })), [])
  })

  it('shows the figures that people know, also where they only say yes or no', () => {
    const detector = createPortStateDetector(() => ({ ...DEFAULT_PORT_LIMITS, confirm: 1 }))
    const shown = (listeners: PortSample['listeners'], at: number) =>
      detector
        .look(
          { at, via: 'netlink', ports: [{ port: 1, local: counters({}), listeners }], complete: true, left: 0 },
          RANGE,
        )
        .map(({ data }) => [data.problem, data.value, data.limit])
    assert.deepEqual(shown({ count: 2, queue: 12, limit: 10, full: 1 }, 0), [['accept_queue_overflow', 12, 10]])
    assert.deepEqual(shown({ count: 0, queue: 0, limit: 0, full: 0 }, 1), [
      ['listener_gone', 0, 1],
      ['accept_queue_overflow', 0, 0],
    ])
  })

  it('a sample that is not complete decides nothing', () => {
    assert.deepEqual(tell(times(9, { local: { SYN_RECV: 5000 }, complete: false })), [])
  })

  it('what is left out of the limits is off', () => {
    assert.deepEqual(tell(times(9, { local: { SYN_RECV: 5000, CLOSE_WAIT: 5000 } }), { confirm: 1 }), [])
  })
})
