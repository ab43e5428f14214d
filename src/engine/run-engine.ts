import type { MessagePort } from 'node:worker_threads'
import type { MonitorPath } from '#core/monitor/path.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { createResultCollector } from '#core/result/result-batch.ts'
import type { Clock } from '#lib/time/clock.ts'
import type { Timer, Timers } from '#lib/time/timers.ts'
import type { NameFiles } from '#names/name-settings.ts'
import { createNames } from '#names/names.ts'
import { probeTypes } from '#probes/index.ts'
import { createHistoryLink } from './history-link.ts'
import type { EngineStats, FromEngine, ToEngine } from './messages.ts'
import { createNameReport } from './name-report.ts'
import { createCutOff } from './neighbours/cut-off.ts'
import { createPathTracer } from './path/path-trace.ts'
import { createPathWatch, PATH_TURN_MS } from './path/path-watch.ts'
import { locked } from './schedule/locked.ts'
import { createScheduler } from './schedule/scheduler.ts'
import { createStallWatch } from './schedule/stall-watch.ts'
import { createProbeTools } from './tools.ts'

/** What an engine is started with, as it crosses to a thread. */
export interface EngineData {
  readonly nameFiles?: NameFiles | undefined
  readonly addressBook?: string | undefined
  /** How far its clock is ahead of the monotonic one, ms; absent: the system's clock. */
  readonly clockOffset?: number | undefined
}

/** What it goes by. */
export interface EngineSystems {
  /** The server's clock, which is set by message. */
  readonly clock: Clock & { set(offset: number): void }
  /** The machine's own: it tells for how long it slept. */
  readonly machine: Clock
  readonly timers: Timers
}

/** Results gather for this long before they cross to the main thread. */
const TICK_MS = 1000

/** The engine: probes and decides states, until it is told to stop; then it closes its port. */
export const runEngine = (
  port: MessagePort,
  { nameFiles, addressBook }: EngineData,
  { clock, machine, timers }: EngineSystems,
): void => {
  const post = (message: FromEngine) => port.postMessage(message)
  const names = createNames({
    files: nameFiles,
    book: addressBook,
    monotonic: machine.monotonic,
    now: machine.now,
    timers,
  })
  const tools = createProbeTools({ names, timing: { monotonic: clock.monotonic, timers }, now: clock.now })
  const results = createResultCollector()
  let transitions: Transition[] = []
  const history = createHistoryLink()

  let seenPaths: MonitorPath[] = []
  const flushPaths = () => {
    if (seenPaths.length > 0) post({ kind: 'paths', paths: seenPaths })
    seenPaths = []
  }

  const flushTransitions = () => {
    if (transitions.length === 0) return
    // Where it broke is told with what others saw until then.
    flushPaths()
    post({ kind: 'transitions', transitions })
    transitions = []
  }

  let pathTurn: Timer | undefined
  const turnPathsSoon = () => {
    pathTurn ??= timers.after(PATH_TURN_MS, () => {
      pathTurn = undefined
      if (paths.lookAtFailing()) turnPathsSoon()
    })
  }
  const paths = createPathWatch({
    clock,
    trace: createPathTracer(tools.sockets),
    onPath: (path) => void seenPaths.push(path),
    onFailing: turnPathsSoon,
  })

  const stalls = createStallWatch({ clock: machine, everyMs: TICK_MS })
  const cutOff = createCutOff(machine.monotonic)

  const scheduler = createScheduler({
    clock,
    timers,
    stalls,
    cutOff,
    names,
    paths,
    tools,
    probeTypes: new Map([...probeTypes, [locked.name, locked]]),
    results,
    onTransition: (transition) => {
      // What changes in the same turn of the event loop crosses, and is committed, together.
      if (transitions.length === 0) timers.soon(flushTransitions)
      transitions.push(transition)
    },
  })

  const nameReport = createNameReport(names, scheduler.eachHost, machine.monotonic)

  const icmpCounters = (): EngineStats['icmp'] =>
    [tools.sockets[4], tools.sockets[6]].flatMap((socket) =>
      socket ? [{ family: socket.family, method: socket.kind, ...socket.counters }] : [],
    )

  const flushResults = () => {
    flushPaths()
    const batch = results.take()
    // The main thread gets a copy, the history the columns themselves.
    const stats = {
      ...scheduler.stats(),
      stalls: stalls.figures(),
      cutOff: cutOff.standing(),
      names: nameReport(),
      icmp: icmpCounters(),
      neighbours: tools.neighbours.figures(),
    }
    post({ kind: 'results', batch, stats })
    history.send(batch)
  }

  /** What is done each second. An idle thread sleeps meanwhile: a wake costs more than most of what it is for. */
  const everySecond = () => {
    scheduler.beat()
    paths.lookAtWell()
    flushResults()
  }
  const ticker = timers.every(TICK_MS, everySecond)

  const stop = () => {
    timers.clear(ticker)
    timers.clear(pathTurn)
    scheduler.close()
    flushTransitions()
    flushResults()
    tools.close()
    names.close()
    history.close()
    port.close()
  }

  /** What was decided by the old time is handed over before anything is by the new one. */
  const setClock = ({ offset, byMs }: Extract<ToEngine, { kind: 'clock' }>) => {
    flushTransitions()
    clock.set(offset)
    if (byMs !== 0) scheduler.shift(byMs)
    post({ kind: 'clock' })
  }

  port.on('message', (message: ToEngine) => {
    if (message.kind === 'configure') scheduler.configure(message)
    else if (message.kind === 'hurry') scheduler.hurry(message.monitorIds)
    else if (message.kind === 'signal') scheduler.signal(message.monitorId, message.signal)
    else if (message.kind === 'clock') setClock(message)
    else if (message.kind === 'history') history.connect(message.port)
    else stop()
  })

  post({ kind: 'ready', pingMethod: tools.pingMethod })
}
