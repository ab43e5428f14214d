import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { channelTypes } from '#channels/index.ts'
import { BY_COMMAND } from '#cli/command.ts'
import { readImport } from '#importers/index.ts'
import { createImportOperations } from '#operations/import/imports.ts'
import { createOperate } from '#operations/operation.ts'
import { createEndOfMonitor } from '#pipeline/decide/end-of-monitor.ts'
import { createEndOfRule } from '#pipeline/decide/end-of-rule.ts'
import { parseTarget, probeTypes } from '#probes/index.ts'
import type { Storage } from '#storage/index.ts'
import { createSealer } from '#storage/seal.ts'
import { withImported } from '../../src/server/with-imported.ts'
import { overBothStorages } from '../fixtures/both-engines.ts'
import { kumaOne, kumaTwo } from '../fixtures/imports/kuma.ts'
import { bash } from '../fixtures/imports/older-tools.ts'
import { type ImportSample, writeSample } from '../fixtures/imports/sample.ts'
import { SMOKE_HOUR, smokeping } from '../fixtures/imports/smokeping.ts'

const NOW = Date.UTC(2026, 10, 30, 12)
const DAY = 86_400_000
const DAY_ONE = Date.UTC(2026, 10, 28)
const DAY_TWO = DAY_ONE + DAY
const key = { id: 'k', bytes: Buffer.alloc(32, 7) }
const sealer = createSealer({ current: key, older: [] })

/** Imports samples as the command does, into a store. */
const importInto = async (storage: Storage, folder: string, prune = false) => {
  const read = readImport(folder, undefined, { timeZone: 'UTC', now: NOW })
  assert.ok(read.ok)
  const imports = createImportOperations({
    operate: createOperate({ storage, now: () => NOW, announce: () => {} }),
    probeTypes,
    channelTypes,
    parseTarget,
    environment: {},
    timeZone: 'UTC',
    sealer: () => sealer,
    endOfMonitor: createEndOfMonitor(() => true),
    endOfRule: createEndOfRule(() => true),
    progress: () => {},
  })
  const plans = read.plans.map(({ plan, path }) => ({ source: `${plan.kind}:${path}`, plan }))
  const { prepared } = await imports.store(BY_COMMAND, plans, { prune, originOf: () => undefined })
  for (const { plan } of read.plans) plan.close?.()
  return prepared.items.map(({ did }) => did)
}

const withSample = async (sample: Pick<ImportSample, 'files'>, work: (folder: string) => Promise<void>) => {
  const { folder, remove } = writeSample(sample)
  try {
    await work(folder)
  } finally {
    remove()
  }
}

overBothStorages('imports', (open) => {
  it('come in once, whatever their names are by now, with their secrets sealed', async (t) => {
    const opened = await open()
    if ('skip' in opened) return t.skip(opened.skip)
    await using storage = Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() })
    await withSample(bash, async (folder) => {
      assert.deepEqual(new Set(await importInto(storage, folder)), new Set(['created']))
      const monitors = await storage.monitors.list()
      await storage.monitors.save({ ...monitors[0]!, name: 'Renamed' }, NOW, monitors[0]!.name)
      assert.deepEqual(new Set(await importInto(storage, folder)), new Set(['same']))
      const [channel] = await storage.channels.list()
      const stored = JSON.stringify(channel)
      assert.ok(stored.includes('sealed:1:') && !stored.includes('secret'))
      const entries = await storage.audit.list({ limit: 10 })
      assert.ok(entries.some(({ action }) => action === 'import'))
    })
  })

  it('leave who was down down, told, and with the end still to tell', async (t) => {
    const opened = await open()
    if ('skip' in opened) return t.skip(opened.skip)
    await using storage = Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() })
    await withSample(bash, async (folder) => {
      await importInto(storage, folder)
      const [down] = (await storage.monitors.list()).filter(({ name }) => name === 'NODO3')
      const since = Date.UTC(2026, 10, 30, 8, 0, 10)
      const states = await storage.states.all()
      assert.deepEqual(
        states.map(({ monitorId, state, since: from }) => [monitorId, state, from]),
        [[down!.id, 'down', since]],
      )
      const open = await storage.alerts.list({ status: 'firing', limit: 10 })
      assert.deepEqual(
        open.map(({ monitorId, since: from, toldState }) => [monitorId, from, toldState]),
        [[down!.id, since, 'down']],
      )
      const [channel] = await storage.channels.list()
      assert.deepEqual(await storage.notifications.channelsHearing(open[0]!.id), [channel!.id])
      assert.equal(await storage.notifications.oldestPending(), null)
    })
  })

  it('take out with --prune what is there no more, but for a channel by which others are told', async (t) => {
    const opened = await open()
    if ('skip' in opened) return t.skip(opened.skip)
    await using storage = Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() })
    await withSample(bash, async (folder) => {
      await importInto(storage, folder)
      const [first] = await storage.monitors.list()
      await storage.monitors.save({ ...first!, name: 'By hand' }, NOW)
      rmSync(join(folder, 'send_mail.py'))
      const script = join(folder, 'verificar_red.sh')
      writeFileSync(script, readFileSync(script, 'utf8').replace(/.*"NODO1".*\n/, ''))
      await importInto(storage, folder)
      assert.equal((await storage.monitors.list()).length, 6)
      await importInto(storage, folder, true)
      const names = (await storage.monitors.list()).map(({ name }) => name)
      assert.ok(!names.includes('NODO1') && names.includes('By hand') && names.includes('NODO4'))
      assert.deepEqual(
        (await storage.channels.list()).map(({ name }) => name),
        ['mail'],
      )
    })
  })

  it('show what was known before as what it is, and never as results', async (t) => {
    const opened = await open()
    if ('skip' in opened) return t.skip(opened.skip)
    await using storage = Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() })
    const own = [
      {
        at: DAY_TWO,
        total: 10,
        failed: 1,
        unknown: 0,
        min: 1,
        avg: 2,
        p50: 2,
        p95: 3,
        max: 4,
        jitter: null,
        loss: null,
      },
    ]
    const history = {
      range: async () => ({ at: [], latencyMs: [], codes: [], loss: [], spread: [] }),
      series: async () => own,
      retain: async () => 0,
    }
    await withSample(kumaTwo, async (folder) => {
      for (const _ of [1, 2]) await importInto(storage, folder)
      const [router] = (await storage.monitors.list()).filter(({ name }) => name === 'Router')
      const { series } = withImported(history, storage.importedHistory)
      const days = await series(router!.id, DAY_ONE, DAY_TWO + DAY, DAY)
      assert.deepEqual(
        days.map(({ at, total, failed, imported }) => [at, total, failed, imported]),
        [
          [DAY_ONE, 1440, 40, true],
          // Its hours stand for the day: sixty well, none looked at, sixty failed; and what was looked at here.
          [DAY_TWO, 130, 61, true],
        ],
      )
      assert.ok(
        Math.abs(days[0]!.avg! - 20) < 0.5 && Math.abs(days[0]!.min! - 5) < 0.1 && Math.abs(days[0]!.max! - 90) < 2,
      )
      const other = (await storage.monitors.list()).find(({ name }) => name === 'SSH')!
      assert.deepEqual(await series(other.id, DAY_ONE, DAY_TWO + DAY, DAY), own)
      assert.equal(await storage.importedHistory.removeBefore(DAY_TWO), 1)
    })
  })

  it('take each time from the finest archive that knows it, and a mean for no outage', async (t) => {
    const opened = await open()
    if ('skip' in opened) return t.skip(opened.skip)
    await using storage = Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() })
    await withSample(smokeping, async (folder) => {
      await importInto(storage, folder)
      const [pop] = (await storage.monitors.list()).filter(({ name }) => name === 'POP 7')
      const spans = await storage.importedHistory.spans(pop!.id, 0, SMOKE_HOUR + DAY)
      assert.deepEqual(
        spans.map(({ start, hours, summary: { total, failed, lossSum, lossCount } }) => [
          start,
          hours,
          total,
          failed,
          lossSum / lossCount,
        ]),
        [
          [SMOKE_HOUR - 3_600_000, 1, 12, 0, 25],
          [SMOKE_HOUR, 1, 3, 1, 50],
        ],
      )
    })
  })

  it('add up looks by the hour where the tool kept nothing else, and know since when who is down is', async (t) => {
    const opened = await open()
    if ('skip' in opened) return t.skip(opened.skip)
    await using storage = Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() })
    await withSample(kumaOne, async (folder) => {
      await importInto(storage, folder)
      const [router] = (await storage.monitors.list()).filter(({ name }) => name === 'Router')
      const spans = await storage.importedHistory.spans(router!.id, 0, NOW)
      assert.deepEqual(
        spans.map(({ start, hours, summary: { total, failed } }) => [start, hours, total, failed]),
        [
          [Date.UTC(2026, 10, 29, 22), 1, 2, 0],
          [Date.UTC(2026, 10, 30, 7), 1, 1, 1],
          [Date.UTC(2026, 10, 30, 8), 1, 3, 3],
        ],
      )
      const states = await storage.states.all()
      assert.deepEqual(
        states.map(({ monitorId, since }) => [monitorId, since]),
        [[router!.id, Date.UTC(2026, 10, 30, 8)]],
      )
      // Its earlier outages are changes of state; after its last beat nobody looked.
      const ssh = (await storage.monitors.list()).find(({ name }) => name === 'SSH')!
      const changes = await storage.transitions.ofMonitor(ssh.id, 10)
      assert.deepEqual(
        changes.map(({ from, to, since }) => [from, to, since]),
        [
          ['up', 'unknown', Date.UTC(2026, 10, 29, 10, 5) + 1],
          ['down', 'up', Date.UTC(2026, 10, 29, 10, 5)],
          ['unknown', 'down', Date.UTC(2026, 10, 29, 10)],
        ],
      )
      assert.deepEqual(await storage.alerts.list({ monitorId: ssh.id, limit: 5 }), [])
    })
  })
})
