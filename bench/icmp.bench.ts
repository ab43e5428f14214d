import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createResultCollector } from '#core/result-batch.ts'
import type { ProbedMonitor } from '#engine/scheduled-monitor.ts'
import { createScheduler } from '#engine/scheduler.ts'
import { createProbeTools } from '#engine/tools.ts'
import { systemClock } from '#lib/clock.ts'
import { probeTypes } from '#probes/index.ts'
import { atMostOf, cpuOfCommand, cpuOfOurs, isInstalled, skipped } from './peer.ts'
import { measureProduct, pause } from './product.ts'
import { type Benchmark, median, type Row } from './row.ts'

const TARGETS = 65_000
const PACED_TARGETS = 10_000
const RUNS = 5

const addressOf = (index: number) => `127.1.${index >> 8}.${index & 255}`
const addresses = (count: number) => Array.from({ length: count }, (_, index) => addressOf(index))

const PER_10K = 's per 10,000'

/** fping's CPU for the same targets, told on its standard input. */
const fping = async (count: number, options: string, runs: number): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
  const file = join(folder, 'targets')
  writeFileSync(file, addresses(count).join('\n'))
  const measured: number[] = []
  for (let run = 0; run < runs; run++) measured.push(await cpuOfCommand(`fping ${options} < ${file}`))
  rmSync(folder, { recursive: true })
  return (median(measured) / count) * 10_000
}

/** One round to every target by the engine alone, after one that warms up. */
const engineRow = async (): Promise<Row> => {
  const tools = createProbeTools()
  let lost = 0
  let left = 0
  let finished = () => {}
  const rounds = tools.pingRounds!((_slot, rtts) => {
    if (!(rtts[0]! > 0)) lost++
    if (--left === 0) finished()
  })
  const requests = addresses(TARGETS).map((address) => ({ address, packets: 1, gapMs: 0, timeoutMs: 500 }))
  const round = () =>
    new Promise<void>((done) => {
      left = requests.length
      finished = done
      for (const [slot, request] of requests.entries()) rounds.start(slot, request)
    })
  await round()
  lost = 0
  const ours: number[] = []
  for (let run = 0; run < RUNS; run++) ours.push(await cpuOfOurs(round))
  tools.close()
  return atMostOf(
    {
      name: 'icmp.engine',
      what: `${TARGETS} loopback targets, engine`,
      unit: PER_10K,
      ours: (median(ours) / TARGETS) * 10_000,
      peer: await fping(TARGETS, '-q -C 1 -i 0 -t 500', RUNS),
      peer_name: 'fping -C 1 -i 0',
      loss: lost,
      n: TARGETS * RUNS,
    },
    0.45,
  )
}

/** The same through the whole product: scheduled, evaluated, stored. */
const productRow = async (): Promise<Row> => {
  const config = {
    defaults: { interval: '10s' },
    monitors: addresses(TARGETS).map((host, index) => ({
      name: `target-${index}`,
      type: 'icmp',
      options: { host, packets: 1 },
    })),
  }
  const { cpuMsPerCheck, checks, failed } = await measureProduct(config, { port: 5081, warmUpS: 20, measuredS: 30 })
  const row = atMostOf(
    {
      name: 'icmp.product',
      what: `${TARGETS} loopback targets, whole product`,
      unit: PER_10K,
      ours: cpuMsPerCheck * 10,
      peer: await fping(TARGETS, '-q -C 1 -i 0 -t 500', RUNS),
      peer_name: 'fping -C 1 -i 0',
      loss: failed,
      n: checks,
    },
    1,
  )
  return { ...row, holds: row.holds && failed === 0 }
}

const monitorOf = (host: string, index: number): ProbedMonitor => ({
  id: index + 1,
  type: 'icmp',
  options: { host, packets: 1 },
  intervalMs: 10_000,
  timeoutMs: 1000,
  paused: false,
  failures: { count: 3, of: 3 },
  successes: { count: 3, of: 3 },
  retryIntervalMs: 5000,
  recoveryIntervalMs: 10_000,
  resetFailures: 'never',
})

/** 1,000 packets a second by the schedule; the results are gathered and thrown away. */
const pacedRow = async (): Promise<Row> => {
  const tools = createProbeTools()
  const results = createResultCollector()
  const scheduler = createScheduler({ clock: systemClock, tools, probeTypes, results, onTransition: () => {} })
  const upsert = addresses(PACED_TARGETS).map((host, index) => ({ monitor: monitorOf(host, index) }))
  scheduler.configure({ upsert, remove: [] })
  await pause(11)
  const before = scheduler.stats().results
  results.take()
  const cpu = await cpuOfOurs(async () => {
    for (let second = 0; second < 20; second++) {
      await pause(1)
      results.take()
    }
  })
  const after = scheduler.stats().results
  scheduler.close()
  tools.close()
  const checks = after.total - before.total
  return atMostOf(
    {
      name: 'icmp.paced',
      what: '10,000 targets every 10 s, scheduled',
      unit: PER_10K,
      ours: (cpu / checks) * 10_000,
      peer: await fping(PACED_TARGETS, '-q -C 1 -i 1 -t 500', 1),
      peer_name: 'fping -C 1 -i 1',
      loss: after.failed + after.unknown - before.failed - before.unknown,
      n: checks,
    },
    0.5,
  )
}

const ROWS: Readonly<Record<string, () => Promise<Row>>> = {
  'icmp.engine': engineRow,
  'icmp.paced': pacedRow,
  'icmp.product': productRow,
}

export const benchmark: Benchmark = {
  names: Object.keys(ROWS),
  run: async (only = '') => {
    const rows: Row[] = []
    for (const [name, row] of Object.entries(ROWS))
      if (name.startsWith(only)) rows.push(isInstalled('fping') ? await row() : skipped(name, 'ICMP', 'fping'))
    return rows
  },
}
