import { setTimeout as pause } from 'node:timers/promises'
import { freePort, runLoad, type Sink, startSink } from './load/index.ts'
import { addRules } from './load/rules.ts'
import type { Benchmark, Row } from './row.ts'
import { type BenchServer, startBenchServer } from './server.ts'

const CONNECTIONS = 16
const LOAD_LIMIT_MS = 30_000
/** The waits between attempts grow to a minute: after so long the next one has come. */
const PATIENCE_MS = 75_000

interface Trouble {
  readonly name: string
  readonly what: string
  readonly perSecond: number
  readonly seconds: number
  /** Lost by Alertmanager in the same case, as recorded. */
  readonly peer: string
  /** What goes wrong while the events come in. */
  cause(server: BenchServer, sink: Sink): Promise<void>
}

/** Each case lasts as long as the events come, and everything is well again at its end. */
const TROUBLES: readonly Trouble[] = [
  {
    name: 'ingest.loss.dead',
    what: 'receiver dead for 6 s',
    perSecond: 100,
    seconds: 9,
    peer: '0 of 600',
    cause: async (_server, sink) => {
      await pause(1500)
      await sink.order('gone')
      await pause(6000)
      await sink.order('back')
    },
  },
  {
    name: 'ingest.loss.failing',
    what: 'receiver answers 503 for 6 s',
    perSecond: 100,
    seconds: 9,
    peer: '0 of 600',
    cause: async (_server, sink) => {
      await pause(1500)
      await sink.order({ answer: 503 })
      await pause(6000)
      await sink.order({ answer: 200 })
    },
  },
  {
    name: 'ingest.loss.kill',
    what: 'three SIGKILLs under 500 events/s',
    perSecond: 500,
    seconds: 12,
    peer: '8 of 15,000',
    cause: async (server) => {
      for (const _ of [1, 2, 3]) {
        await pause(2000)
        await server.killAndRestart()
      }
    },
  },
  {
    name: 'ingest.loss.dead-kill',
    what: 'receiver dead for 6 s, SIGKILL in the middle, 500 events/s',
    perSecond: 500,
    seconds: 10,
    peer: '150 of 600',
    cause: async (server, sink) => {
      await pause(1500)
      await sink.order('gone')
      await pause(3000)
      await server.killAndRestart()
      await pause(3000)
      await sink.order('back')
    },
  },
]

/**
 * Waits until each acknowledged event was told of, and counts those that were not. What was stored and not acknowledged,
 * because the answer was cut off, is told of as well and counts for nothing.
 */
const untilTold = async (acknowledged: readonly number[], sink: Sink) => {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const { told, repeats } = await sink.order('told')
    const known = new Set(told)
    const lost = acknowledged.filter((number) => !known.has(number)).length
    if (lost === 0 || performance.now() > deadline) return { lost, repeats }
    await pause(250)
  }
}

const runTrouble = async ({ name, what, perSecond, seconds, peer, cause }: Trouble): Promise<Row> => {
  const sink = await startSink()
  const port = await freePort()
  const channels = [{ name: 'hook', type: 'webhook', options: { url: sink.url } }]
  const server = await startBenchServer({ channels }, port)
  try {
    const token = server.token('operator')
    const rule = { name: 'backups', type: 'backup_report', conditions: { exit_code: '> 0' }, cooldown: '0' }
    await addRules(server.url, token, [{ ...rule, channels: ['hook'] }])
    const load = runLoad({
      port,
      path: '/api/v1/events',
      token,
      kind: 'distinct',
      batch: 1,
      connections: CONNECTIONS,
      first: 0,
      events: perSecond * seconds,
      rate: perSecond,
      limitMs: LOAD_LIMIT_MS,
      patient: true,
    })
    await cause(server, sink)
    const { acknowledgedFrom } = await load
    const { lost, repeats } = await untilTold(acknowledgedFrom, sink)
    return {
      name,
      what: `${what}; ${repeats} told twice; Alertmanager lost ${peer}`,
      unit: 'lost',
      ours: lost,
      peer: null,
      peer_name: null,
      ratio: null,
      target: '0 lost',
      holds: lost === 0 && acknowledgedFrom.length > 0,
      loss: lost,
      n: acknowledgedFrom.length,
    }
  } finally {
    await server.stop()
    sink.stop()
  }
}

/** Nothing that was acknowledged to its sender may be lost, whatever fails meanwhile. */
export const benchmark: Benchmark = {
  names: TROUBLES.map(({ name }) => name),
  run: async (only) => {
    const rows: Row[] = []
    for (const trouble of TROUBLES)
      if (only === undefined || trouble.name.startsWith(only)) rows.push(await runTrouble(trouble))
    return rows
  },
}
