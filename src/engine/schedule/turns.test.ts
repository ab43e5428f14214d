import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import type { ProbeTools } from '#core/probe.ts'
import { defineProbe } from '#core/probe.ts'
import { Type } from '#lib/schema.ts'
import type { ProbedMonitor } from './scheduled-monitor.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'

const MONITORS = 10_000
const INTERVAL_MS = 60_000
/** So many begin in a second when they are spread evenly. */
const EVEN = (MONITORS * 1000) / INTERVAL_MS

/** Times at which each monitor's looks began, ms of the monotonic clock. */
let starts: number[][]
let wallStep = 0
let scheduler: Scheduler

/** Answers at once, in bulk. */
const prompt = defineProbe({
  name: 'prompt',
  title: 'Prompt',
  'x-es': { title: 'Inmediato' },
  defaultTimeoutMs: 1000,
  options: Type.Object({ id: Type.Integer(), other: Type.Optional(Type.Integer()) }),
  describe: () => 'nowhere',
  run: async () => ({ ok: true }),
  createRunner: (_tools, report) => ({
    start: (slot, { id }) => {
      starts[id]!.push(Date.now())
      report(slot, true, 1, 'ok')
      return true
    },
    cancel: () => {},
    close: () => {},
  }),
})

const monitor = (id: number, changes: Partial<ProbedMonitor> = {}): ProbedMonitor => ({
  id,
  type: 'prompt',
  options: { id },
  intervalMs: INTERVAL_MS,
  timeoutMs: 1000,
  failures: { count: 3, of: 3 },
  successes: { count: 3, of: 3 },
  retryIntervalMs: 5000,
  recoveryIntervalMs: 5000,
  resetFailures: 'never',
  paused: false,
  ...changes,
})

const all = (change: (id: number) => Partial<ProbedMonitor> = () => ({})) =>
  Array.from({ length: MONITORS }, (_, id) => ({ monitor: monitor(id, change(id)) }))

const pass = (ms: number) => {
  for (let step = 0; step < ms; step += 100) mock.timers.tick(100)
}

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 })
  starts = Array.from({ length: MONITORS + 100 }, () => [])
  wallStep = 0
  scheduler = createScheduler({
    clock: { monotonic: () => Date.now(), now: () => 1e12 + Date.now() + wallStep },
    tools: {} as ProbeTools,
    probeTypes: new Map([[prompt.name, prompt]]),
    results: { add: () => {} },
    onTransition: () => {},
  })
})
afterEach(() => {
  scheduler.close()
  mock.timers.reset()
})

/** Many looks begin at whole quarters of a second, some a little late: a second is counted from between two of them. */
const BETWEEN_MS = 125

/** Looks begun in each second from one moment to another, at the monitors that there were from the start. */
const perSecond = (from: number, to: number, of = starts.slice(0, MONITORS)): number[] => {
  const counts = new Array<number>((to - from) / 1000).fill(0)
  for (const at of of.flat()) {
    const second = Math.floor((at - from - BETWEEN_MS) / 1000)
    if (second >= 0 && second < counts.length) counts[second]!++
  }
  return counts
}

const longestGap = (): number =>
  Math.max(...starts.map((times) => Math.max(0, ...times.slice(1).map((at, index) => at - times[index]!))))

const assertEven = (counts: readonly number[], even = EVEN) => {
  for (const [second, count] of counts.entries())
    assert.ok(count > even * 0.8 && count < even * 1.2, `${count} in second ${second}, ${even} would be even`)
}

describe('turns of ten thousand monitors', () => {
  it('are even from the start on, and stay so', () => {
    scheduler.configure({ upsert: all(), remove: [] })
    pass(180_000)
    assertEven(perSecond(1000, 180_000))
    assert.equal(longestGap(), INTERVAL_MS)
  })

  for (const step of [3_600_000, -7_200_000])
    it(`do not hear of a clock that is set by ${step / 60_000} min`, () => {
      scheduler.configure({ upsert: all(), remove: [] })
      pass(90_000)
      wallStep = step
      pass(90_000)
      assertEven(perSecond(1000, 180_000))
      assert.equal(longestGap(), INTERVAL_MS)
    })

  it('that were missed by a long stop are left out, and come back as even as they were', () => {
    scheduler.configure({ upsert: all(), remove: [] })
    pass(90_000)
    // Time passes, but nothing runs.
    mock.timers.setTime(Date.now() + 10 * INTERVAL_MS)
    pass(2 * INTERVAL_MS)
    assertEven(perSecond(690_000, 810_000))
  })

  it('go on through a reload without a gap or a burst', () => {
    scheduler.configure({ upsert: all(), remove: [] })
    pass(90_000)
    const removed = Array.from({ length: 100 }, (_, index) => index * 97)
    const added = Array.from({ length: 100 }, (_, index) => ({ monitor: monitor(MONITORS + index) }))
    const stay = all((id) => ({ timeoutMs: 2000, failures: { count: 2 + (id % 2), of: 3 } }))
    scheduler.configure({
      upsert: [...stay.filter(({ monitor: { id } }) => !removed.includes(id)), ...added],
      remove: removed,
    })
    pass(90_000)
    assertEven(perSecond(1000, 180_000))
    assert.equal(longestGap(), INTERVAL_MS)
    // The new ones have their first look soon, one after the other.
    const first = perSecond(90_000, 94_000, starts.slice(MONITORS))
    assert.deepEqual([first.reduce((sum, count) => sum + count, 0), Math.max(...first) < 70], [100, true])
  })

  it('of which all options change are looked at in their turn, not all at once', () => {
    scheduler.configure({ upsert: all(), remove: [] })
    // Between two marks: those of a mark that has just passed would be looked at once more.
    pass(90_000 + BETWEEN_MS)
    scheduler.configure({ upsert: all((id) => ({ options: { id, other: 1 } })), remove: [] })
    pass(120_000)
    assertEven(perSecond(1000, 210_000))
    assert.equal(longestGap(), INTERVAL_MS)
  })

  it('that become more frequent spread over the new interval', () => {
    scheduler.configure({ upsert: all(), remove: [] })
    pass(90_000)
    scheduler.configure({ upsert: all(() => ({ intervalMs: INTERVAL_MS / 2 })), remove: [] })
    pass(120_000)
    assertEven(perSecond(90_000, 210_000), 2 * EVEN)
    assert.ok(longestGap() <= INTERVAL_MS)
  })

  it('of one that was changed by hand come at once', () => {
    scheduler.configure({ upsert: all(), remove: [] })
    pass(90_000)
    const before = starts[7]!.length
    scheduler.configure({ upsert: [{ monitor: monitor(7, { options: { id: 7, other: 1 } }) }], remove: [] })
    pass(300)
    assert.equal(starts[7]!.length, before + 1)
  })
})

describe('turns of five thousand monitors every five seconds', () => {
  const [HOSTS, EVERY_MS, SLICE_MS] = [5000, 5000, 100]
  let failing = false
  const shaky = defineProbe({
    ...prompt,
    name: 'shaky',
    createRunner: (_tools, report) => ({
      start: (slot, { id }) => {
        starts[id]!.push(Date.now())
        report(slot, !failing, 1, failing ? 'timeout' : 'ok')
        return true
      },
      cancel: () => {},
      close: () => {},
    }),
  })
  const quick = (changes: Partial<ProbedMonitor> = {}) =>
    Array.from({ length: HOSTS }, (_, id) => ({
      monitor: monitor(id, {
        type: 'shaky',
        intervalMs: EVERY_MS,
        retryIntervalMs: 1000,
        recoveryIntervalMs: 500,
        ...changes,
      }),
    }))

  /** By milliseconds, so that a start is noted when it was. */
  const run = (ms: number) => {
    for (let step = 0; step < ms; step += 10) mock.timers.tick(10)
  }

  /** The busiest tenth of a second of an interval that begins now, beside the mean. */
  const busiest = (everyMs = EVERY_MS): number => {
    const from = Date.now()
    run(everyMs)
    const counts = new Array<number>(everyMs / SLICE_MS).fill(0)
    for (const at of starts.flat()) {
      const slice = Math.floor((at - from - 1) / SLICE_MS)
      if (slice >= 0 && slice < counts.length) counts[slice]!++
    }
    return (Math.max(...counts) * counts.length) / counts.reduce((sum, count) => sum + count, 0)
  }

  beforeEach(() => {
    failing = false
    scheduler.close()
    scheduler = createScheduler({
      clock: { monotonic: () => Date.now(), now: () => 1e12 + Date.now() },
      tools: {} as ProbeTools,
      probeTypes: new Map([[shaky.name, shaky]]),
      results: { add: () => {} },
      onTransition: () => {},
    })
  })

  it('lie evenly again three intervals after a stall at the start, in which many failed', () => {
    scheduler.configure({ upsert: quick(), remove: [] })
    failing = true
    mock.timers.setTime(Date.now() + 3000)
    run(200)
    failing = false
    run(3 * EVERY_MS)
    assert.ok(busiest() <= 2)
  })

  it('do so after an outage of all of them', () => {
    scheduler.configure({ upsert: quick(), remove: [] })
    run(2 * EVERY_MS)
    failing = true
    run(4 * EVERY_MS)
    failing = false
    run(3 * EVERY_MS)
    assert.ok(busiest() <= 2)
  })

  it('do so after all of them were hurried', () => {
    scheduler.configure({ upsert: quick(), remove: [] })
    run(2 * EVERY_MS)
    scheduler.hurry(Array.from({ length: HOSTS }, (_, id) => id))
    run(2 * EVERY_MS)
    assert.ok(busiest() <= 2)
    assert.ok(longestGap() <= EVERY_MS)
  })

  it('lie evenly in a longer interval too', () => {
    scheduler.configure({ upsert: quick(), remove: [] })
    run(2 * EVERY_MS)
    scheduler.configure({ upsert: quick({ intervalMs: 4 * EVERY_MS }), remove: [] })
    run(8 * EVERY_MS)
    assert.ok(busiest(4 * EVERY_MS) <= 2)
    assert.ok(longestGap() <= 4 * EVERY_MS)
  })
})
