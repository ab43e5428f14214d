import { createServer as createHttp } from 'node:http'
import { createServer, type Server } from 'node:net'
import { measureProduct, type ProductFigures, pause } from './product.ts'
import { atMost, type Benchmark, type Row } from './row.ts'
import { startBenchServer } from './server.ts'

/** Uptime Kuma with 1,000 TCP monitors every 20 s, measured on a machine like the one this was written on. */
const KUMA_MS_PER_CHECK = 2.9

const listenEverywhere = async (server: Server): Promise<number> => {
  await new Promise<void>((done) => server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }, done))
  return (server.address() as { port: number }).port
}

/** Distinct addresses of the loopback block; something that listens on all of them answers on each. */
const addressOf = (index: number) => `127.${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`

const tcpMonitors = (count: number, port: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `target-${index}`,
    type: 'tcp',
    options: { host: addressOf(index), port },
  }))

/** As an access provider would have it: 80 in a hundred pinged once, 18 connected to, 2 asked by HTTP. */
const mixedMonitors = (count: number, port: number, httpPort: number) =>
  Array.from({ length: count }, (_, index) => {
    const name = `target-${index}`
    const kind = index % 50
    if (kind === 0) return { name, type: 'http', options: { url: `http://${addressOf(index)}:${httpPort}/` } }
    if (kind < 10) return { name, type: 'tcp', options: { host: addressOf(index), port } }
    return { name, type: 'icmp', options: { host: addressOf(index), packets: 1 } }
  })

const perCheckRow = (
  base: Pick<Row, 'name' | 'n' | 'loss'>,
  { cpuMsPerCheck }: ProductFigures,
  bound: number,
): Row => ({
  ...atMost({ ...base, what: 'CPU per check', unit: 'ms', ours: cpuMsPerCheck }, bound),
  peer: KUMA_MS_PER_CHECK,
  peer_name: 'Uptime Kuma (recorded)',
  ratio: cpuMsPerCheck / KUMA_MS_PER_CHECK,
})

const baseOf = (name: string, figures: ProductFigures) => ({ name, n: figures.checks, loss: figures.failed })

/** The whole product with TCP monitors every 20 s on one core, against a listener on the other. */
const tcpRows = async (count: number, bounds: { cpu: number; resident: number }, full: boolean): Promise<Row[]> => {
  const listener = createServer((socket) => socket.on('error', () => {}).resume())
  const port = await listenEverywhere(listener)
  try {
    const config = { defaults: { interval: '20s' }, monitors: tcpMonitors(count, port) }
    const figures = await measureProduct(config, { port: 5079, warmUpS: 40, measuredS: full ? 60 : 40 })
    const base = baseOf(`monitors.${count}`, figures)
    const rows = [
      perCheckRow(base, figures, bounds.cpu),
      atMost({ ...base, what: 'lateness p99', unit: 'ms', ours: figures.latenessP99 }, 10),
      atMost({ ...base, what: 'resident', unit: 'MB', ours: figures.residentMb }, bounds.resident),
      atMost(
        {
          ...base,
          what: 'monitors not probed in the first interval',
          unit: '',
          ours: count - Math.min(count, figures.before),
        },
        0,
      ),
    ]
    if (!full) return rows
    return [
      ...rows,
      atMost({ ...base, what: 'written per check', unit: 'B', ours: figures.writtenPerCheck }, 1024),
      atMost({ ...base, what: 'start to first answer', unit: 'ms', ours: figures.startedInMs }, 800),
    ]
  } finally {
    listener.close()
  }
}

const mixedRows = async (): Promise<Row[]> => {
  const count = 100_000
  const listener = createServer((socket) => socket.on('error', () => {}).resume())
  const web = createHttp((_request, response) => void response.end('ok'))
  const [port, httpPort] = [await listenEverywhere(listener), await listenEverywhere(web)]
  try {
    const config = { defaults: { interval: '60s' }, monitors: mixedMonitors(count, port, httpPort) }
    const figures = await measureProduct(config, { port: 5080, warmUpS: 75, measuredS: 60 })
    const base = baseOf('monitors.100000', figures)
    return [
      atMost({ ...base, what: 'CPU, 80% icmp 18% tcp 2% http', unit: '%', ours: figures.cpuPercent }, 60),
      atMost({ ...base, what: 'lateness p99', unit: 'ms', ours: figures.latenessP99 }, 50),
      atMost({ ...base, what: 'resident', unit: 'MB', ours: figures.residentMb }, 600),
    ]
  } finally {
    listener.close()
    web.close()
  }
}

const [SPREAD_HOSTS, SPREAD_EVERY_S, SLICE_MS] = [5000, 5, 100]
/** Held up while it starts, and what may pass until its looks lie evenly again. */
const [STALL_S, SETTLE_S] = [3, 3 * SPREAD_EVERY_S]

/** How evenly looks lie after the server was held up while it began, seen by who is looked at. */
const spreadRow = async (): Promise<Row> => {
  const times: number[] = []
  const listener = createServer((socket) => {
    times.push(performance.now())
    socket.on('error', () => {}).resume()
  })
  const port = await listenEverywhere(listener)
  const config = { defaults: { interval: `${SPREAD_EVERY_S}s` }, monitors: tcpMonitors(SPREAD_HOSTS, port) }
  const server = await startBenchServer(config, 5081)
  try {
    await pause(1)
    process.kill(server.pid, 'SIGSTOP')
    await pause(STALL_S)
    process.kill(server.pid, 'SIGCONT')
    await pause(SETTLE_S)
    const from = performance.now()
    await pause(SPREAD_EVERY_S)
    const counts = new Array<number>((SPREAD_EVERY_S * 1000) / SLICE_MS).fill(0)
    for (const time of times) {
      const slice = Math.floor((time - from) / SLICE_MS)
      if (slice >= 0 && slice < counts.length) counts[slice]!++
    }
    const looks = counts.reduce((sum, count) => sum + count, 0)
    const ours = (Math.max(...counts) * counts.length) / looks
    const what = `busiest ${SLICE_MS} ms beside the mean, three intervals after a stall`
    return atMost({ name: 'monitors.spread', n: looks, what, unit: 'times', ours }, 2)
  } finally {
    await server.stop()
    listener.close()
  }
}

const wanted = (name: string, only: string | undefined) => only === undefined || name.startsWith(only)

export const benchmark: Benchmark = {
  names: ['monitors.spread', 'monitors.1000', 'monitors.10000', 'monitors.100000'],
  run: async (only): Promise<readonly Row[]> => [
    ...(wanted('monitors.spread', only) ? [await spreadRow()] : []),
    ...(wanted('monitors.1000', only) ? await tcpRows(1000, { cpu: 0.15, resident: 180 }, true) : []),
    ...(wanted('monitors.10000', only) ? await tcpRows(10_000, { cpu: 0.06, resident: 300 }, false) : []),
    ...(wanted('monitors.100000', only) ? await mixedRows() : []),
  ],
}
