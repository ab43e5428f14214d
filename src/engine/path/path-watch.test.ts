import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { setImmediate as turnOfLoop } from 'node:timers/promises'
import type { MonitorPath } from '#core/monitor/path.ts'
import { advance, initialState, type Reading } from '#core/monitor/state.ts'
import { manualClock } from '../../../test/fixtures/manual-clock.ts'
import type { TraceWidth } from './path-trace.ts'
import { createPathWatch, type Followed, PATH_TURN_MS, type PathWatch } from './path-watch.ts'

const DAY = 86_400_000
const clock = manualClock(1_700_000_000_000)
let watch: PathWatch
let looks: { address: string; width: TraceWidth; at: number; end(reached?: boolean): void }[]
let paths: MonitorPath[]
let ids = 0

beforeEach(() => {
  looks = []
  paths = []
  watch = createPathWatch({
    clock,
    trace: (address, width) =>
      new Promise((resolve) =>
        looks.push({
          address,
          width,
          at: clock.monotonic(),
          end: (reached = false) => resolve({ address, hops: ['198.18.0.1'], reached }),
        }),
      ),
    onPath: (path) => paths.push(path),
    onFailing: () => wanted++,
  })
  passed = 0
  wanted = 0
})

let passed: number
let wanted: number

const known = (host: string) => (host.includes('unknown') ? undefined : [host])

interface Watched extends Followed {
  /** Feeds a reading as the scheduler does. */
  read(reading: Reading): ReturnType<PathWatch['conclude']>
}

const monitor = (host: string, { retryIntervalMs = 5000, passive = false } = {}): Watched => {
  const policy = {
    failures: { count: 3, of: 3 },
    successes: { count: 1, of: 1 },
    intervalMs: 60_000,
    retryIntervalMs,
    recoveryIntervalMs: 5000,
    resetFailures: 'never' as const,
  }
  const entry = {
    id: ++ids,
    type: {
      hosts: () => [host],
      ...(passive && { judge: () => ({ nextAt: 0 }) }),
    } as unknown as Followed['type'],
    options: {},
    tools: { known, resolve: async (name: string) => ({ addresses: [`resolved ${name}`], ms: 0 }) },
    policy,
    state: initialState(clock.now()),
    pathAt: clock.now(),
    read: (reading: Reading) => {
      const { state, change } = advance(entry.state, policy, reading, clock.now())
      entry.state = state
      return watch.conclude(entry, reading, change)
    },
  }
  watch.follow(entry)
  return entry
}

/** Lets so many turns pass; four make a second. */
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) {
    watch.lookAtFailing()
    if (++passed % 4 === 0) watch.lookAtWell()
    clock.advance(PATH_TURN_MS)
    await turnOfLoop()
  }
}
const end = async (reached = false) => {
  for (const look of looks) look.end(reached)
  await turnOfLoop()
}

describe('the way to what fails', () => {
  it('is looked at once after the first failure and goes with the verdict', async () => {
    const host = monitor('198.18.0.2')
    host.read('failed')
    assert.equal(wanted, 1)
    await turns(3)
    await end()
    host.read('failed')
    await turns(3)
    assert.deepEqual(
      looks.map(({ address, width }) => [address, width]),
      [['198.18.0.2', 16]],
    )
    const path = host.read('failed')
    assert.deepEqual([host.state.state, path?.hops, path?.reached], ['down', ['198.18.0.1'], false])
    assert.deepEqual(
      paths.map(({ monitorId, kind }) => [monitorId, kind]),
      [[host.id, 'failing']],
    )
  })

  it('is not waited for: the verdict falls without it, and it is told of afterwards', async () => {
    const host = monitor('198.18.0.2')
    for (const expected of [undefined, undefined, undefined]) assert.equal(host.read('failed'), expected)
    await turns(1)
    await end()
    assert.deepEqual([looks.length, paths[0]?.kind], [1, 'failing'])
  })

  it('is forgotten when a good look comes between', async () => {
    const host = monitor('198.18.0.2')
    host.read('failed')
    host.read('ok')
    await turns(4)
    assert.equal(looks.filter(({ width }) => width === 16).length, 0)
    host.read('failed')
    await turns(1)
    host.read('ok')
    await end()
    assert.ok(
      paths.every(({ kind }) => kind === 'well'),
      'what came after the recovery concerns nobody',
    )
  })

  it('is looked at again while the host itself still answers, and when it is old', async () => {
    const host = monitor('198.18.0.2')
    host.read('failed')
    await turns(1)
    await end(true)
    host.read('failed')
    await turns(1)
    await end()
    assert.equal(looks.length, 2)
    clock.advance(31_000)
    assert.equal(host.read('failed')?.reached, false)
  })

  it('is shared by those with the same address', async () => {
    const [one, other] = [monitor('198.18.0.2'), monitor('198.18.0.2')]
    one.read('failed')
    await turns(1)
    other.read('failed')
    await turns(2)
    await end()
    assert.equal(looks.length, 1)
    assert.deepEqual(
      paths.map(({ monitorId }) => monitorId),
      [one.id, other.id],
    )
  })

  it('goes to those first whose verdict is nearest', async () => {
    monitor('198.18.0.2', { retryIntervalMs: 60_000 }).read('failed')
    monitor('198.18.0.3', { retryIntervalMs: 1000 }).read('failed')
    monitor('198.18.0.4', { retryIntervalMs: 5000 }).read('failed')
    await turns(3)
    assert.deepEqual(
      looks.map(({ address }) => address),
      ['198.18.0.3', '198.18.0.4', '198.18.0.2'],
    )
  })

  it('is looked at no more than four times a second, few at once, however many fail', async () => {
    const all = Array.from({ length: 3000 }, (_, index) => monitor(`198.18.${index >> 8}.${index & 255}`))
    for (const one of all) one.read('failed')
    await turns(100)
    assert.equal(looks.length, 6, 'those that have not ended hold up the others')
    await end()
    const before = looks.length
    const from = clock.monotonic()
    for (let turn = 0; turn < 40; turn++) {
      await turns(1)
      await end()
    }
    assert.equal(looks.length - before, ((clock.monotonic() - from) / 1000) * 4)
  })

  it('is no matter of what only listens, of this machine, or of a name without an address', async () => {
    for (const host of [monitor('198.18.0.2', { passive: true }), monitor('127.0.0.1'), monitor('unknown.example')])
      host.read('failed')
    await turns(10)
    assert.deepEqual(looks, [])
  })

  it('concerns nobody who was taken away meanwhile', async () => {
    const host = monitor('198.18.0.2')
    host.read('failed')
    await turns(1)
    watch.forget(host)
    await end()
    assert.deepEqual(paths, [])
  })
})

describe('the way to what is well', () => {
  it('is seen after the first good look, after a recovery, and a day later', async () => {
    const host = monitor('198.18.0.2')
    const seen = async (times: number, what: string) => {
      await turns(20)
      await end()
      assert.equal(looks.filter(({ width }) => width === 4).length, times, what)
    }
    host.read('ok')
    await seen(1, 'first')
    await seen(1, 'not again')
    host.read('failed')
    host.read('failed')
    host.read('failed')
    host.read('ok')
    await seen(2, 'recovery')
    clock.advance(DAY / 2)
    await seen(2, 'half a day later')
    clock.advance(DAY)
    await seen(3, 'a day later')
    assert.ok(paths.some(({ kind }) => kind === 'well'))
  })

  it('waits while anything fails, and comes at most once a second', async () => {
    const well = Array.from({ length: 10 }, (_, index) => monitor(`198.18.1.${index}`))
    for (const one of well) one.read('ok')
    monitor('198.18.0.2').read('failed')
    await turns(1)
    assert.deepEqual(
      looks.map(({ address }) => address),
      ['198.18.0.2'],
    )
    for (let turn = 0; turn < 16; turn++) {
      await turns(1)
      await end()
    }
    assert.equal(looks.length, 5)
  })

  it('is asked for by a name that is not known at the moment', async () => {
    monitor('unknown.example').read('ok')
    await turns(8)
    assert.deepEqual(
      looks.map(({ address }) => address),
      ['resolved unknown.example'],
    )
  })

  it('does not stand for a host that failed while it was looked at', async () => {
    const host = monitor('198.18.0.2')
    host.read('ok')
    await turns(8)
    host.read('failed')
    await end()
    assert.deepEqual(
      paths.filter(({ kind }) => kind === 'well'),
      [],
    )
  })
})
