import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { MonitorPath } from '#core/monitor/path.ts'
import type { Transition } from '#core/monitor/transition.ts'
import { createResultCollector } from '#core/result/result-batch.ts'
import { systemClock } from '#lib/time/clock.ts'
import { absoluteMonotonic, createFollowingClock } from '#lib/time/steady-clock.ts'
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

/** The engine's thread: probes and decides states, so that nothing that the main thread does can delay a probe. */

/** Results gather for this long before they cross to the main thread. */
const TICK_MS = 1000

/** Nice value: probes go before whatever else this process has to do, also where it has one processor for all of it. */
const PRIORITY = -10

/** On Linux this concerns the calling thread alone. Without the privilege it stays as it is. */
const goFirst = () => {
  if (process.platform !== 'linux') return
  try {
    setPriority(PRIORITY)
  } catch {
    // Not permitted here.
  }
}
goFirst()

const port = parentPort!
const post = (message: FromEngine) => port.postMessage(message)
const { nameFiles, addressBook, clockOffset } = workerData as {
  readonly nameFiles?: NameFiles
  readonly addressBook?: string
  readonly clockOffset?: number
}
const clock = createFollowingClock(clockOffset ?? Date.now() - absoluteMonotonic())
const names = createNames({ files: nameFiles, book: addressBook })
const tools = createProbeTools({ names })
const results = createResultCollector()
let transitions: Transition[] = []
const history = createHistoryLink()

let seenPaths: MonitorPath[] = []
const flushPaths = () => {
  if (seenPaths.length > 0) post({ kind: 'paths', paths: seenPaths })
  seenPaths = []
}

const flushTransitions = () => {
  // Where it broke is told with what others saw until then.
  flushPaths()
  post({ kind: 'transitions', transitions })
  transitions = []
}

const paths = createPathWatch({
  clock,
  trace: createPathTracer(tools.sockets),
  onPath: (path) => void seenPaths.push(path),
  onFailing: () => turnPathsSoon(),
})
let pathTurn: NodeJS.Timeout | undefined
const turnPathsSoon = () => {
  pathTurn ??= setTimeout(() => {
    pathTurn = undefined
    if (paths.lookAtFailing()) turnPathsSoon()
  }, PATH_TURN_MS)
}

// What the machine slept is told by the system's own clock.
const stalls = createStallWatch({ clock: systemClock, everyMs: TICK_MS })
const cutOff = createCutOff(systemClock.monotonic)

const scheduler = createScheduler({
  clock,
  stalls,
  cutOff,
  names,
  paths,
  tools,
  probeTypes: new Map([...probeTypes, [locked.name, locked]]),
  results,
  onTransition: (transition) => {
    // What changes in the same turn of the event loop crosses, and is committed, together.
    if (transitions.length === 0) setImmediate(flushTransitions)
    transitions.push(transition)
  },
})

const nameReport = createNameReport(names, scheduler.eachHost, systemClock.monotonic)

const icmpCounters = (): EngineStats['icmp'] =>
  [tools.sockets[4], tools.sockets[6]].flatMap((socket) =>
    socket ? [{ family: socket.family, method: socket.kind, ...socket.counters }] : [],
  )

/** What is done each second. An idle thread sleeps meanwhile: a wake costs more than most of what it is for. */
const everySecond = () => {
  scheduler.beat()
  paths.lookAtWell()
  flushResults()
}

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
const ticker = setInterval(everySecond, TICK_MS)

const stop = () => {
  clearInterval(ticker)
  clearTimeout(pathTurn)
  scheduler.close()
  if (transitions.length > 0) flushTransitions()
  flushResults()
  tools.close()
  names.close()
  history.close()
  port.close()
}

/** What was decided by the old time is handed over before anything is by the new one. */
const setClock = ({ offset, byMs }: Extract<ToEngine, { kind: 'clock' }>) => {
  if (transitions.length > 0) flushTransitions()
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
