import { fiftyRules } from './load/events.ts'
import { freePort, type LoadOptions, type LoadResult, runLoad, startSink } from './load/index.ts'
import { addRules } from './load/rules.ts'
import type { Benchmark, Row } from './row.ts'
import { type BenchServer, startBenchServer } from './server.ts'

const CONNECTIONS = 64
const LIMIT_MS = 60_000

/** What is measured of each way of sending. */
const MODES = {
  single: { batch: 1, target: 5000, warmUp: 10_000, events: 30_000, pacedSeconds: 6 },
  batch: { batch: 100, target: 30_000, warmUp: 60_000, events: 180_000, pacedSeconds: 6 },
} as const
type Mode = keyof typeof MODES

const checked = (result: LoadResult): LoadResult => {
  if (result.refused > 0 || result.acknowledged === 0) throw new Error(`events were refused: ${result.firstRefusal}`)
  return result
}

const measure = async (mode: Mode, server: BenchServer, load: Omit<LoadOptions, 'first' | 'events' | 'batch'>) => {
  const { batch, target, warmUp, events, pacedSeconds } = MODES[mode]
  let first = 0
  const run = async (count: number, rate?: number) => {
    const result = checked(await runLoad({ ...load, batch, first, events: count, ...(rate && { rate }) }))
    first += count
    return result
  }
  await run(warmUp)
  const before = { cpu: server.cpuSeconds(), wait: server.coreWaitSeconds() }
  const fast = await run(events)
  const cpuSeconds = server.cpuSeconds() - before.cpu
  const waited = server.coreWaitSeconds() - before.wait
  const paced = await run((target / 2) * pacedSeconds, target / 2)
  return { fast, cpuSeconds, waited, paced }
}

const rowsOf = (
  mode: Mode,
  { fast, cpuSeconds, waited, paced }: Awaited<ReturnType<typeof measure>>,
): readonly Row[] => {
  const { target } = MODES[mode]
  const name = `ingest.${mode}`
  const none = { peer: null, peer_name: null, ratio: null }
  const rate = fast.acknowledged / fast.seconds
  const perCpuSecond = fast.acknowledged / cpuSeconds
  const share = ((100 * waited) / fast.seconds).toFixed(0)
  const row = { name, n: fast.acknowledged, ...none }
  return [
    {
      ...row,
      what: `durable events with 50 rules, p99 ${fast.latency.p99.toFixed(0)} ms, others had the core ${share} %`,
      unit: '/s',
      ours: rate,
      target: `>= ${target} /s`,
      holds: rate >= target,
    },
    {
      ...row,
      what: 'the same by the CPU time of the server',
      unit: '/CPU s',
      ours: perCpuSecond,
      target: `>= ${target} /CPU s`,
      holds: perCpuSecond >= target,
    },
    {
      ...row,
      n: paced.acknowledged,
      what: `p99 of a request at ${target / 2} events/s, p50 ${paced.latency.p50.toFixed(1)} ms`,
      unit: 'ms',
      ours: paced.latency.p99,
      target: '< 50 ms',
      holds: paced.latency.p99 < 50,
    },
  ]
}

const runMode = async (mode: Mode): Promise<readonly Row[]> => {
  const sink = await startSink()
  const port = await freePort()
  const server = await startBenchServer(
    { channels: [{ name: 'hook', type: 'webhook', options: { url: sink.url } }] },
    port,
  )
  try {
    const token = server.token('operator')
    await addRules(server.url, token, fiftyRules(['hook']))
    const load = {
      port,
      path: '/api/v1/events',
      token,
      kind: 'mixed',
      connections: CONNECTIONS,
      limitMs: LIMIT_MS,
    } as const
    return rowsOf(mode, await measure(mode, server, load))
  } finally {
    await server.stop()
    sink.stop()
  }
}

/** Events over HTTP, stored and decided before they are answered, with fifty rules in force. */
export const benchmark: Benchmark = {
  names: ['ingest.single', 'ingest.batch'],
  run: async (only) => {
    const rows: Row[] = []
    for (const mode of ['single', 'batch'] as const)
      if (only === undefined || `ingest.${mode}`.startsWith(only)) rows.push(...(await runMode(mode)))
    return rows
  },
}
