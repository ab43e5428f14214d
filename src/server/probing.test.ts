import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Monitor } from '#core/monitor/monitor.ts'
import { systemTimers } from '#lib/time/timers.ts'
import { createProbing, type ProbingDeps } from './probing.ts'

const well = {
  id: 7,
  name: 'port one',
  type: 'tcp',
  options: { host: '127.0.0.1', port: 1 },
  origin: 'test',
  intervalMs: 50,
  timeoutMs: 500,
  failures: { count: 1, of: 1 },
  successes: { count: 1, of: 1 },
  retryIntervalMs: 50,
  recoveryIntervalMs: 50,
  resetFailures: 'never',
  paused: false,
} as unknown as Monitor
/** What no configuration lets through: the engine's thread dies of it at the first verdict. */
const deadly = { ...well, failures: null } as unknown as Monitor

describe('the thread of the engine', () => {
  it('that is killed is started again with what is in force, and the reason is told', async (context) => {
    const told: string[] = []
    let [ready, restarts, connected] = [0, 0, 0]
    let monitor = deadly
    const deps = {
      storage: { states: { all: async () => [] }, paths: { wellTimes: async () => new Map() } },
      registry: { monitors: () => [{ monitor }] },
      targets: { ofMonitor: () => undefined },
      dataDir: '/nowhere',
      now: Date.now,
      timers: systemTimers,
      persistence: { write: (work: () => Promise<unknown>) => work() },
      faults: { bug: (error: unknown) => assert.fail(String(error)) },
      log: {
        error: ({ reason }: { reason: string }, words: string) => {
          told.push(words, reason)
          monitor = well
        },
      },
      onRestart: () => restarts++,
    } as unknown as ProbingDeps
    const probing = createProbing(deps)
    context.after(probing.stop)
    const { promise: fallen, resolve } = Promise.withResolvers<string>()
    await probing.start({
      history: async () => ({ connect: () => connected++ }),
      onTransitions: ([transition]) => resolve(`${transition!.monitorId} ${transition!.to} ${transition!.code}`),
      onResults: () => {},
      onReady: () => ready++,
    })
    assert.equal(await fallen, '7 down refused')
    assert.deepEqual([told.length, told[0], ready], [2, 'the probe engine stopped; starting it again', 2])
    assert.match(told[1]!, /TypeError/)
    assert.deepEqual([restarts, connected], [1, 2])
  })
})
