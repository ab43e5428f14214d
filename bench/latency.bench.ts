import { createServer, type Server } from 'node:net'
import { createHttpSink } from '../test/fixtures/servers/http-sink.ts'
import { atMost, type Benchmark, median, type Row } from './row.ts'
import { startBenchServer } from './server.ts'

const SAMPLES = 20

const listen = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on('error', () => {}).end())
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })

/** Seconds from the moment that each of 20 targets stops, at moments spread over an interval, to its message. */
const measure = async (defaults: object, port: number): Promise<number[]> => {
  const told = new Map<string, number>()
  // The moment counts at which a message arrives, not the one at which somebody looks.
  const hook = await createHttpSink({
    answer: ({ body }) => {
      const { monitor } = JSON.parse(body) as { monitor: string }
      if (!told.has(monitor)) told.set(monitor, performance.timeOrigin + performance.now())
      return {}
    },
  })
  const servers = await Promise.all(Array.from({ length: SAMPLES }, () => listen(0)))
  const monitors = servers.map((server, index) => ({
    name: `target-${index}`,
    type: 'tcp',
    options: { host: '127.0.0.1', port: (server.address() as { port: number }).port },
  }))
  const server = await startBenchServer(
    {
      defaults: { interval: '20s', ...defaults, channels: ['hook'] },
      channels: [{ name: 'hook', type: 'webhook', options: { url: hook.url } }],
      monitors,
    },
    port,
  )
  try {
    // Every target has been seen up once.
    await new Promise((later) => setTimeout(later, 5000))
    const stoppedAt = new Map<string, number>()
    for (const [index, target] of servers.entries()) {
      await new Promise((later) => setTimeout(later, 20_000 / SAMPLES))
      target.close()
      stoppedAt.set(`target-${index}`, performance.timeOrigin + performance.now())
    }
    const deadline = performance.now() + 90_000
    while (told.size < SAMPLES && performance.now() < deadline) await new Promise((later) => setTimeout(later, 50))
    return [...told].map(([name, at]) => (at - stoppedAt.get(name)!) / 1000)
  } finally {
    await server.stop()
    await hook.close()
  }
}

const rows = (
  name: string,
  seconds: readonly number[],
  medianBound: number,
  mostBound: number | undefined,
  kuma: number,
): Row[] => {
  const middle = median(seconds)
  const base = { name, n: seconds.length, loss: SAMPLES - seconds.length }
  const first = {
    ...atMost({ ...base, what: 'failure to message, median', unit: 's', ours: middle }, medianBound),
    peer: kuma,
    peer_name: 'Uptime Kuma (recorded)',
    ratio: middle / kuma,
  }
  return mostBound === undefined
    ? [first]
    : [
        first,
        atMost({ ...base, what: 'failure to message, longest', unit: 's', ours: Math.max(...seconds) }, mostBound),
      ]
}

export const benchmark: Benchmark = {
  names: ['latency.first', 'latency.three-failures'],
  run: async (only = '') => {
    const made: Row[] = []
    if ('latency.first'.startsWith(only) || only === 'latency.first')
      made.push(...rows('latency.first', await measure({ failures: 1 }, 5078), 11, 21, 12.7))
    if ('latency.three-failures'.startsWith(only) || only === 'latency.three-failures')
      made.push(
        ...rows(
          'latency.three-failures',
          await measure({ failures: 3, retry_interval: '1s' }, 5077),
          14,
          undefined,
          52.8,
        ),
      )
    return made
  },
}
