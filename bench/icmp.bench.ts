import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createResultCollector } from '#core/result/result-batch.ts'
import type { ProbedMonitor } from '#engine/schedule/scheduled-monitor.ts'
import { createScheduler } from '#engine/schedule/scheduler.ts'
import { createProbeTools } from '#engine/tools.ts'
import { systemClock } from '#lib/time/clock.ts'
import { probeTypes } from '#probes/index.ts'
import { rowsOfOwnNetwork } from './namespace.ts'
import { atMostOf, cpuOfCommand, cpuOfOurs, isInstalled, skipped } from './peer.ts'
import { measureProduct, pause } from './product.ts'
import { type Benchmark, median, type Row } from './row.ts'

const TARGETS = 65_000
const PACED_TARGETS = 10_000
const RUNS = 5
/** Rounds until the code is compiled for good, as in a server that runs all day. */
const WARM_UP = 15
/** One packet to each as fast as it can. */
const AT_ONCE = '-q -C 1 -i 0 -t 500'

const addressOf = (index: number) => `127.1.${index >> 8}.${index & 255}`
const addresses = (count: number) => Array.from({ length: count }, (_, index) => addressOf(index))

const PER_10K = 's per 10,000'

/** fping's CPU for one round to the same targets, told on its standard input; seconds. */
const fping = async (count: number, options: string): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
  const file = join(folder, 'targets')
  writeFileSync(file, addresses(count).join('\n'))
  const seconds = await cpuOfCommand(`fping ${options} < ${file}`)
  rmSync(folder, { recursive: true })
  return seconds
}

const per10k = (seconds: readonly number[], count: number) => (median(seconds) / count) * 10_000

/** One round to every target by the engine alone. */
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
  for (let run = 0; run < WARM_UP; run++) await round()
  lost = 0
  const ours: number[] = []
  const theirs: number[] = []
  // Half of theirs before ours and half after, so that both meet the same machine.
  for (let run = 0; run < RUNS; run++) theirs.push(await fping(TARGETS, AT_ONCE))
  for (let run = 0; run < 2 * RUNS; run++) ours.push(await cpuOfOurs(round))
  for (let run = 0; run < RUNS; run++) theirs.push(await fping(TARGETS, AT_ONCE))
  const { pingMethod } = tools
  tools.close()
  return atMostOf(
    {
      name: 'icmp.engine',
      what: `${TARGETS} loopback targets, engine, ${pingMethod}`,
      unit: PER_10K,
      ours: per10k(ours, TARGETS),
      peer: per10k(theirs, TARGETS),
      peer_name: 'fping -C 1 -i 0',
      loss: lost,
      n: TARGETS * 2 * RUNS,
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
  const theirs = [await fping(TARGETS, AT_ONCE)]
  const { cpuMsPerCheck, checks, failed } = await measureProduct(config, { port: 5081, warmUpS: 40, measuredS: 30 })
  for (let run = 1; run < RUNS; run++) theirs.push(await fping(TARGETS, AT_ONCE))
  const row = atMostOf(
    {
      name: 'icmp.product',
      what: `${TARGETS} loopback targets, whole product`,
      unit: PER_10K,
      ours: cpuMsPerCheck * 10,
      peer: per10k(theirs, TARGETS),
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
      peer: per10k([await fping(PACED_TARGETS, '-q -C 1 -i 1 -t 500')], PACED_TARGETS),
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
  run: async (only = 'icmp') => {
    const elsewhere = rowsOfOwnNetwork(only)
    if (elsewhere) return elsewhere
    const rows: Row[] = []
    for (const [name, row] of Object.entries(ROWS))
      if (name.startsWith(only)) rows.push(isInstalled('fping') ? await row() : skipped(name, 'ICMP', 'fping'))
    return rows
  },
}
