import { spawnSync } from 'node:child_process'
import { pause } from './product.ts'
import { atMost, type Benchmark, median, type Row } from './row.ts'
import { BIN, startBenchServer } from './server.ts'

const RUNS = 5
const PORT = 5089
/** An idle server is looked at for so long once it has settled. */
const SETTLE_S = 20
const IDLE_S = 60

/** CPU seconds, user and system, of a command with all that it starts. */
const cpuOf = (args: readonly string[]): number => {
  const timed = 'TIMEFORMAT="%U %S"; { time "$@" >/dev/null 2>&1; } 2>&1'
  const { stdout } = spawnSync('bash', ['-c', timed, 'bash', process.execPath, BIN, ...args], { encoding: 'utf8' })
  return stdout
    .trim()
    .split(' ')
    .reduce((sum, one) => sum + Number(one), 0)
}

const checkRow = (): Row => {
  // Nobody listens there: the refusal comes at once.
  const once = () => cpuOf(['check', 'tcp://127.0.0.1:1'])
  once()
  const ours = median(Array.from({ length: RUNS }, once))
  return atMost({ name: 'start.check', what: 'CPU of one look by hand', unit: 'CPU s', ours, n: RUNS }, 0.35)
}

const monitorsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `target-${index}`,
    type: 'tcp',
    options: { host: `127.1.${index >> 8}.${index & 255}`, port: 1 },
  }))

/** From the start of the process to the first HTTP answer; what the first start compiles is found by the later ones. */
const serveRows = async (count: number, what: string): Promise<Row[]> => {
  const config = { defaults: { interval: '60s' }, monitors: monitorsOf(count) }
  const starts: { ms: number; cpu: number }[] = []
  for (let run = 0; run <= RUNS; run++) {
    const server = await startBenchServer(config, PORT)
    starts.push({ ms: server.startedInMs, cpu: server.cpuSeconds() })
    await server.stop()
  }
  const counted = starts.slice(1)
  const base = { name: 'start.serve', n: RUNS }
  return [
    atMost({ ...base, what: `${what}: first HTTP answer`, unit: 'ms', ours: median(counted.map(({ ms }) => ms)) }, 800),
    atMost({ ...base, what: `${what}: CPU until then`, unit: 'CPU s', ours: median(counted.map(({ cpu }) => cpu)) }, 1),
  ]
}

/** A server that watches nothing. */
const idleRows = async (): Promise<Row[]> => {
  const server = await startBenchServer({ monitors: [] }, PORT)
  try {
    await pause(SETTLE_S)
    const before = server.cpuSeconds()
    await pause(IDLE_S)
    const anHour = ((server.cpuSeconds() - before) * 3600) / IDLE_S
    return [
      atMost({ name: 'idle', what: 'resident, no monitors', unit: 'MB', ours: server.residentMb() }, 110),
      atMost({ name: 'idle', what: 'CPU in an hour', unit: 'CPU s', ours: anHour }, 10),
    ]
  } finally {
    await server.stop()
  }
}

/** How soon a command and a server answer, and what a server costs that has nothing to do. */
export const benchmark: Benchmark = {
  names: ['start.check', 'start.serve', 'idle'],
  run: async (only) => {
    const wanted = (name: string) => only === undefined || name.startsWith(only)
    return [
      ...(wanted('start.check') ? [checkRow()] : []),
      ...(wanted('start.serve')
        ? [...(await serveRows(0, 'empty')), ...(await serveRows(1000, '1,000 monitors'))]
        : []),
      ...(wanted('idle') ? await idleRows() : []),
    ]
  },
}
