import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { loadConfigText } from '#config/load.ts'
import { UNOPENED } from '#config/plan/present.ts'
import { createPlanOperations } from '#operations/configuration.ts'
import { createOperate } from '#operations/operation.ts'
import { type ReplayPlanDeps, replayPlan } from '#operations/replay-plan.ts'
import { replay } from '#pipeline/replay/replay.ts'
import { runReplay } from '#pipeline/replay/run-replay.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import { openHistoryStore } from '#storage/history/store.ts'
import { openStorage, type Storage } from '#storage/index.ts'
import { packResults } from '../fixtures/pack-results.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const TO = Date.parse('2026-11-30T00:00:00Z')
const FROM = TO - 24 * HOUR
const BY = { actor: 'cli', name: 'cli', address: null }

const FILE = `
channels: [{ name: hook, type: webhook, options: { url: "https://hooks.example.com/x" } }]
defaults: { channels: [hook], failures: 2, successes: 1, interval: 60s, retry_interval: 60s, recovery_interval: 60s, reminder: 0 }
monitors:
  - { name: core, target: 192.0.2.1 }
  - { name: POP-07, target: 192.0.2.7 }
  - { name: shaky, target: 192.0.2.8 }
rules: [{ name: wave, type: fail2ban_ban, conditions: { jail: "== sshd" }, channels: [hook], cooldown: 0 }]
`

/** When each of them does not answer, minutes from the begin. */
const OUTAGES: Readonly<Record<string, readonly (readonly [from: number, to: number])[]>> = {
  // A pair of outages of everything, then one of POP-07 alone.
  core: [
    [100, 130],
    [600, 620],
  ],
  'POP-07': [
    [100, 130],
    [600, 620],
    [900, 910],
  ],
  // Two looks in a row fail, every three hours.
  shaky: [1, 2, 3, 4, 5].map((index) => [index * 180, index * 180 + 2] as const),
}

describe('what a plan would have told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-replay-'))
  let storage: Storage
  before(async () => {
    storage = await openStorage({ dataDir: folder })
    const operations = operationsOn()
    assert.ok((await operations.apply(BY, load(FILE), { prune: false, beside: false })).ok)
    const monitors = await storage.monitors.list()
    const history = openHistoryStore(join(folder, 'history.db'))
    for (let minute = 0; minute < 24 * 60; minute++) {
      const results = monitors.map(({ id, name }) => {
        const fails = OUTAGES[name]!.some(([from, to]) => minute >= from && minute < to)
        const code = fails ? ('timeout' as const) : ('ok' as const)
        return {
          monitorId: id,
          at: FROM + minute * MINUTE,
          code,
          latencyMs: fails ? Number.NaN : 3,
          metrics: undefined,
        }
      })
      history.append(packResults(results))
    }
    // The last hour stays in the journal.
    while (history.compact(TO - MINUTE) > 0);
    history.close()
    await storage.transaction(({ events }) =>
      events.insertAll(
        [1, 2, 3, 4].map((hour) => ({
          type: 'fail2ban_ban',
          source: 'fail2ban',
          severity: 'MEDIUM' as const,
          subject: '198.51.100.7',
          at: FROM + hour * HOUR,
          receivedAt: FROM + hour * HOUR,
          monitorId: null,
          data: { jail: 'sshd' },
        })),
      ),
    )
  })
  after(async () => {
    await storage.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const load = (text: string) => {
    const loaded = loadConfigText(text, 'new.yaml', { environment: {}, probeTypes, channelTypes, parseTarget })
    assert.ok(loaded.ok, JSON.stringify(loaded))
    return loaded.config
  }
  const operationsOn = () =>
    createPlanOperations({
      operate: createOperate({ storage, now: () => TO, announce: () => {} }),
      probeTypes,
      channelTypes,
      sealer: () => undefined as never,
      opening: UNOPENED,
      running: () => undefined,
      heldByFile: new Set(),
      endOfMonitor: async () => {},
      endOfRule: async () => {},
      now: () => TO,
      inForce: async () => {},
    })
  const replayed = async (text: string, run: ReplayPlanDeps['run'] = runReplay) => {
    const deps = { storage, operations: operationsOn(), now: () => TO, tooOldMs: HOUR, run }
    const report = await replayPlan(load(text), { prune: false, beside: false }, 24 * HOUR, deps)
    assert.ok(report)
    const names = (those: readonly { readonly monitor: string }[]) => those.map(({ monitor }) => monitor).sort()
    const [hook] = report.messages
    return { ...report, counts: [hook?.before, hook?.after], names }
  }

  it('is the same where nothing changes', async () => {
    const { counts, hidden, later, earlier, fresh, same, monitors, results } = await replayed(FILE, replay)
    // Of ten outages each is told, and its end.
    assert.deepEqual([monitors, results, counts, same], [3, 3 * 24 * 60, [20, 20], 10])
    assert.deepEqual([hidden, later, earlier, fresh], [[], [], [], []])
  })

  it('names outages that higher thresholds would tell later, and those that nobody would have heard of', async () => {
    const { later, hidden, counts, same } = await replayed(FILE.replace('failures: 2', 'failures: 4'))
    assert.deepEqual(new Set(later.map(({ byMs }) => byMs)), new Set([2 * MINUTE]))
    assert.deepEqual([later.length, same], [5, 0])
    assert.deepEqual(new Set(hidden.map(({ monitor, why }) => `${monitor} ${why}`)), new Set(['shaky not_down']))
    assert.deepEqual([hidden.length, counts], [5, [20, 10]])
  })

  it('names what lower thresholds would tell earlier', async () => {
    const { earlier, hidden, fresh } = await replayed(FILE.replace('failures: 2', 'failures: 1'))
    assert.deepEqual([earlier.length, new Set(earlier.map(({ byMs }) => byMs)).size], [10, 1])
    assert.deepEqual([earlier[0]!.byMs, hidden, fresh], [MINUTE, [], []])
  })

  it('takes what a parent explains as told by that, and hides nothing', async () => {
    const text = FILE.replace('target: 192.0.2.7 }', 'target: 192.0.2.7, parents: [core] }')
    const { behindParent, hidden, counts, names, later } = await replayed(text)
    assert.deepEqual([names(behindParent), hidden], [['POP-07', 'POP-07'], []])
    assert.deepEqual([names(later), counts], [[], [20, 16]])
  })

  it('looks less often where the interval is longer', async () => {
    const { hidden, names } = await replayed(FILE.replace('interval: 60s', 'interval: 10m'))
    assert.ok(names(hidden).every((one) => one === 'shaky') && hidden.length > 0, JSON.stringify(hidden))
  })

  it('hears that nobody would hear, that a rule changes, and what it cannot know', async () => {
    const text = FILE.replace('target: 192.0.2.8 }', 'target: 192.0.2.8, channels: [] }')
      .replace('target: 192.0.2.1 }', 'target: 192.0.2.111 }')
      .replace('monitors:', 'monitors:\n  - { name: young, target: 192.0.2.20 }')
      .replace('cooldown: 0', 'cooldown: 90m')
    const { hidden, left, events, counts } = await replayed(text)
    assert.deepEqual(new Set(hidden.map(({ monitor, why }) => `${monitor} ${why}`)), new Set(['shaky nobody']))
    assert.deepEqual([left.created, left.retargeted, events], [['young'], ['core'], 4])
    // Three outages of POP-07 in both; five of shaky, and four bans of which a cooldown leaves two.
    assert.deepEqual(counts, [6 + 10 + 4, 6 + 2])
  })
})
