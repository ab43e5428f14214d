import { hasAlertmanager, startAlertmanager } from './load/alertmanager.ts'
import type { EventKind } from './load/events.ts'
import { freePort, runLoad, type Sink, startSink } from './load/index.ts'
import { addRules } from './load/rules.ts'
import type { Benchmark, Row } from './row.ts'
import { startBenchServer } from './server.ts'

const EVENTS = 20_000
const WARM_UP = 5000
const BATCH = 10
const CONNECTIONS = 64
const LIMIT_MS = 90_000

interface Measured {
  readonly perSecond: number
  readonly cpuMicros: number
  readonly delivered: number
  readonly residentMb: number
}

interface Subject {
  readonly port: number
  readonly path: string
  readonly token: string
  readonly kind: EventKind
  cpuSeconds(): number
  residentMb(): number
}

/** Sends events of a subject of their own each and waits until each has arrived at the sink. */
const measure = async (subject: Subject, sink: Sink): Promise<Measured> => {
  const { port, path, token, kind } = subject
  const load = { port, path, token, kind, batch: BATCH, connections: CONNECTIONS, limitMs: LIMIT_MS }
  const run = async (first: number, events: number) => {
    const { refused, firstRefusal } = await runLoad({ ...load, first, events })
    if (refused > 0) throw new Error(`events were refused: ${firstRefusal}`)
    return sink.reach(first + events, LIMIT_MS)
  }
  await run(0, WARM_UP)
  const before = { cpu: subject.cpuSeconds(), at: performance.now() }
  const delivered = (await run(WARM_UP, EVENTS)) - WARM_UP
  const seconds = (performance.now() - before.at) / 1000
  const cpuMicros = ((subject.cpuSeconds() - before.cpu) * 1e6) / delivered
  return { perSecond: delivered / seconds, cpuMicros, delivered, residentMb: subject.residentMb() }
}

const measureOurs = async (): Promise<Measured> => {
  const sink = await startSink()
  const port = await freePort()
  const channels = [{ name: 'hook', type: 'webhook', options: { url: sink.url } }]
  const server = await startBenchServer({ channels }, port)
  try {
    const token = server.token('operator')
    const rule = { name: 'backups', type: 'backup_report', conditions: { exit_code: '> 0' } }
    await addRules(server.url, token, [{ ...rule, cooldown: '0', channels: ['hook'] }])
    return await measure({ ...server, port, path: '/api/v1/events', token, kind: 'distinct' }, sink)
  } finally {
    await server.stop()
    sink.stop()
  }
}

const measurePeer = async (): Promise<Measured> => {
  const sink = await startSink()
  const port = await freePort()
  const peer = await startAlertmanager(sink.url, port)
  try {
    return await measure({ ...peer, port, path: '/api/v2/alerts', token: '', kind: 'alertmanager' }, sink)
  } finally {
    await peer.stop()
    sink.stop()
  }
}

/** One webhook for each event, beside Alertmanager, which keeps its alerts in memory only. */
export const benchmark: Benchmark = {
  names: ['ingest.webhook'],
  run: async (): Promise<readonly Row[]> => {
    const ours = await measureOurs()
    const peer = hasAlertmanager() ? await measurePeer() : undefined
    const row = { name: 'ingest.webhook', n: ours.delivered, peer_name: peer ? 'Alertmanager' : null }
    const compare = (what: string, unit: string, one: number, other: number | undefined, better: boolean): Row => ({
      ...row,
      what,
      unit,
      ours: one,
      peer: other ?? null,
      ratio: other === undefined ? null : one / other,
      target: other === undefined ? 'no Alertmanager here' : `${better ? '>=' : '<='} the peer's`,
      holds: other === undefined ? null : better ? one >= other : one <= other,
    })
    return [
      compare(`one webhook per event, ${EVENTS} of them`, '/s', ours.perSecond, peer?.perSecond, true),
      compare('CPU per event told', 'us', ours.cpuMicros, peer?.cpuMicros, false),
      compare('resident at the end', 'MB', ours.residentMb, peer?.residentMb, false),
      {
        ...row,
        what: 'acknowledged events that no webhook told of',
        unit: '',
        ours: EVENTS - ours.delivered,
        peer: peer ? EVENTS - peer.delivered : null,
        ratio: null,
        target: '0',
        holds: ours.delivered === EVENTS,
      },
    ]
  },
}
