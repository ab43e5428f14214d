import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { because } from '#core/cause/cause.ts'
import type { Transition } from '#core/monitor/transition.ts'
import type { ProbeTools } from '#core/probe.ts'
import { defineProbe } from '#core/probe.ts'
import type { ErrorCode } from '#core/result/result.ts'
import { Type } from '#lib/schema.ts'
import { systemClock } from '#lib/time/clock.ts'
import { inEnglish } from '#templates/said.ts'
import type { ProbedMonitor } from './scheduled-monitor.ts'
import { createScheduler } from './scheduler.ts'

const rtts = [10, 10, 10, 10, 10]
const well = defineProbe({
  name: 'well',
  title: 'Always well',
  'x-es': { title: 'Siempre bien' },
  defaultTimeoutMs: 1000,
  options: Type.Object({}),
  describe: () => 'nowhere',
  run: async () => ({ ok: true, latencyMs: 10, metrics: { loss: 0, sent: rtts.length, rtts } }),
})

const monitor = (changes: Partial<ProbedMonitor> = {}): ProbedMonitor => ({
  id: 1,
  type: 'well',
  options: {},
  intervalMs: 40,
  timeoutMs: 1000,
  failures: { count: 3, of: 3 },
  successes: { count: 3, of: 3 },
  retryIntervalMs: 10,
  recoveryIntervalMs: 10,
  resetFailures: 'never',
  degraded: { window: { overMs: 60_000, begin: { loss: 0.05 }, clear: { loss: 0.04 } } },
  paused: false,
  ...changes,
})

/** Runs a probe type, from what `begin` configures, until a change that is waited for; the change. */
const firstChange = async (
  begin: (configure: ReturnType<typeof createScheduler>['configure']) => void,
  { type = well, to }: { readonly type?: typeof well; readonly to?: Transition['to'] } = {},
) => {
  const { promise, resolve } = Promise.withResolvers<Transition>()
  const scheduler = createScheduler({
    clock: systemClock,
    tools: {} as ProbeTools,
    probeTypes: new Map([[type.name, type]]),
    results: { add: () => {} },
    onTransition: (transition) => (to === undefined || transition.to === to) && resolve(transition),
  })
  begin(scheduler.configure)
  const change = await promise
  scheduler.close()
  return change
}

const remembered = { state: 'degraded', beneath: 'degraded', since: 1000 } as const

describe('a monitor that was degraded before a restart', () => {
  it('is up again when enough packets of the window say so, not after a few good rounds', async () => {
    const { from, to, facts, previousSince } = await firstChange((configure) =>
      configure({ upsert: [{ monitor: monitor(), remembered }], remove: [] }),
    )
    assert.deepEqual([from, to, previousSince], ['degraded', 'up', 1000])
    assert.ok(facts.packets_sent! >= 52 && facts.packets_sent! <= 60, String(facts.packets_sent))
  })

  it('is so too when it could not be seen at the end', async () => {
    const { from, to } = await firstChange((configure) =>
      configure({ upsert: [{ monitor: monitor(), remembered: { ...remembered, state: 'unknown' } }], remove: [] }),
    )
    assert.deepEqual([from, to], ['unknown', 'degraded'])
  })

  it('is up by the count of good rounds where its window was taken away', async () => {
    const { degraded: _, ...bare } = monitor()
    const { to, facts } = await firstChange((configure) => {
      configure({ upsert: [{ monitor: monitor(), remembered }], remove: [] })
      configure({ upsert: [{ monitor: bare }], remove: [] })
    })
    assert.deepEqual([to, facts.packets_sent], ['up', undefined])
  })
})

const asSaid = (words: string) => because('as_said', { words })

describe('a monitor with a window after an outage', () => {
  const lost = rtts.map(() => Number.NaN)
  const degraded = { window: { overMs: 100, begin: { loss: 0.05 }, clear: { loss: 0.04 } } }

  it('is up again, not degraded by what the outage lost', async () => {
    let round = 0
    const outage = defineProbe({
      ...well,
      name: 'outage',
      run: async () => {
        round++
        if (round <= 10 || round > 50) return { ok: true, latencyMs: 10, metrics: { loss: 0, sent: rtts.length, rtts } }
        const error = { code: 'timeout', cause: asSaid('no answer') } as const
        return { ok: false, error, metrics: { loss: 1, sent: lost.length, rtts: lost } }
      },
    })
    const changes: string[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const scheduler = createScheduler({
      clock: systemClock,
      tools: {} as ProbeTools,
      probeTypes: new Map([[outage.name, outage]]),
      results: { add: () => {} },
      onTransition: ({ from, to }) => {
        changes.push(`${from} ${to}`)
        if (from === 'down') resolve()
      },
    })
    const probed = monitor({ type: 'outage', intervalMs: 10, degraded })
    scheduler.configure({ upsert: [{ monitor: probed }], remove: [] })
    await promise
    scheduler.close()
    assert.deepEqual(changes, ['unknown up', 'up down', 'down up'])
  })
})

describe('the cause of an outage', () => {
  const causeAfter = async (...codes: readonly ErrorCode[]) => {
    const said = codes.values()
    const failing = defineProbe({
      ...well,
      name: 'failing',
      run: async () => {
        const code = said.next().value ?? 'timeout'
        return { ok: code === 'ok', error: { code, cause: asSaid(`says ${code}`) } }
      },
    })
    const upsert = [{ monitor: monitor({ type: 'failing' }) }]
    const { code, cause } = await firstChange((configure) => configure({ upsert, remove: [] }), {
      type: failing,
      to: 'down',
    })
    return [code, cause && inEnglish(cause)]
  }

  it('is what a router said of any look of it, also where it was silent at last', async () => {
    assert.deepEqual(await causeAfter('timeout', 'unreachable', 'timeout'), ['unreachable', 'says unreachable'])
    assert.deepEqual(await causeAfter('timeout', 'unreachable', 'refused'), ['refused', 'says refused'])
    assert.deepEqual(await causeAfter('unreachable', 'ok', 'timeout'), ['timeout', 'says timeout'])
  })
})

describe('a look that says more of this server than of its target', () => {
  const NO_LINK = 'no link'
  const found = async (code: ErrorCode, { stoodMs = 0, cut = false, host = '192.0.2.1' } = {}) => {
    const failing = defineProbe({
      ...well,
      name: 'failing',
      hosts: () => [host],
      run: async () => ({ ok: code === 'ok', error: { code, cause: asSaid('words') }, metrics: { loss: 0.5 } }),
    })
    const { promise, resolve } = Promise.withResolvers<readonly unknown[]>()
    const scheduler = createScheduler({
      clock: systemClock,
      tools: {} as ProbeTools,
      probeTypes: new Map([[failing.name, failing]]),
      stalls: { during: () => stoodMs, beat: () => 0, figures: () => ({ count: 0, totalMs: 0 }) },
      cutOff: { reason: () => (cut ? asSaid(NO_LINK) : undefined), standing: () => undefined },
      results: {
        add: (_id, _at, _state, told, _latency, cause, metrics) =>
          resolve([told, cause && inEnglish(cause), metrics?.loss]),
      },
      onTransition: () => {},
    })
    scheduler.configure({ upsert: [{ monitor: monitor({ type: 'failing' }) }], remove: [] })
    const result = await promise
    scheduler.close()
    return result
  }

  it('says nothing of a host that did not answer while this server stood still', async () => {
    assert.deepEqual(await found('timeout', { stoodMs: 3200 }), [
      'late',
      'this server stood still for 3.2 s meanwhile: words',
      undefined,
    ])
    assert.deepEqual(await found('timeout'), ['timeout', 'words', 0.5])
  })

  it('keeps what was answered, but not what was lost', async () => {
    assert.deepEqual(await found('refused', { stoodMs: 3200 }), ['refused', 'words', undefined])
    assert.deepEqual((await found('ok', { stoodMs: 3200 }))[2], undefined)
    assert.deepEqual((await found('ok'))[2], 0.5)
  })

  it('says nothing of a host while no interface has a link, but of what this machine itself offers', async () => {
    assert.deepEqual(await found('timeout', { cut: true }), ['local_network_down', NO_LINK, undefined])
    assert.deepEqual((await found('ok', { cut: true }))[2], undefined)
    assert.deepEqual(await found('refused', { cut: true }), ['refused', 'words', 0.5])
    assert.deepEqual(await found('timeout', { cut: true, host: '127.0.0.1' }), ['timeout', 'words', 0.5])
  })
})
