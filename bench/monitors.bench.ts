import { createServer } from 'node:net'
import { atMost, type Benchmark, type Row } from './row.ts'
import { startBenchServer } from './server.ts'

const INTERVAL_S = 20
const WARM_UP_S = 25
const MEASURED_S = 60
const KUMA_MS_PER_CHECK = 2.9

interface EngineStats {
  readonly monitors: number
  readonly lateness: { readonly started: number; readonly p99: number; readonly max: number }
}

const statsOf = async (url: string, token: string): Promise<EngineStats> =>
  (
    await fetch(`${url}/api/v1/engine`, { headers: { authorization: `Bearer ${token}` } })
  ).json() as Promise<EngineStats>

const pause = (seconds: number) => new Promise((later) => setTimeout(later, seconds * 1000))

/** The whole product with 1,000 TCP monitors every 20 s on one core, against one listener on the other. */
export const benchmark: Benchmark = {
  names: ['monitors.1000'],
  run: async (): Promise<readonly Row[]> => {
    const listener = createServer((socket) => socket.on('error', () => {}).resume())
    await new Promise<void>((done) => listener.listen(0, '127.0.0.1', () => done()))
    const { port } = listener.address() as { port: number }
    const monitors = Array.from({ length: 1000 }, (_, index) => ({
      name: `target-${index}`,
      type: 'tcp',
      options: { host: `127.0.${Math.floor(index / 250)}.${(index % 250) + 1}`, port },
    }))
    // The loopback block answers on each of its addresses only where something listens on all of them.
    listener.close()
    const all = createServer((socket) => socket.on('error', () => {}).resume())
    await new Promise<void>((done) => all.listen(port, '0.0.0.0', () => done()))
    const config = { defaults: { interval: `${INTERVAL_S}s` }, monitors }
    // The first start after an installation compiles the program; every other one finds that done.
    const firstStart = await startBenchServer(config, 5079)
    await pause(1)
    await firstStart.stop()
    const server = await startBenchServer(config, 5079)
    try {
      const token = server.token()
      await pause(WARM_UP_S)
      const before = {
        cpu: server.cpuSeconds(),
        written: server.writtenBytes(),
        stats: await statsOf(server.url, token),
      }
      await pause(MEASURED_S)
      const after = {
        cpu: server.cpuSeconds(),
        written: server.writtenBytes(),
        stats: await statsOf(server.url, token),
      }
      const checks = after.stats.lateness.started - before.stats.lateness.started
      const cpuMs = ((after.cpu - before.cpu) * 1000) / checks
      const base = { name: 'monitors.1000', n: checks }
      return [
        {
          ...atMost({ ...base, what: 'CPU per check', unit: 'ms', ours: cpuMs }, 0.4),
          peer: KUMA_MS_PER_CHECK,
          peer_name: 'Uptime Kuma (recorded)',
          ratio: cpuMs / KUMA_MS_PER_CHECK,
        },
        atMost({ ...base, what: 'lateness p99', unit: 'ms', ours: after.stats.lateness.p99 }, 20),
        atMost({ ...base, what: 'resident', unit: 'MB', ours: server.residentMb() }, 180),
        atMost(
          { ...base, what: 'written per check', unit: 'B', ours: (after.written - before.written) / checks },
          1024,
        ),
        atMost({ ...base, what: 'start to first answer', unit: 'ms', ours: server.startedInMs }, 800),
        atMost(
          {
            ...base,
            what: 'monitors not probed in the first interval',
            unit: '',
            ours: 1000 - Math.min(1000, before.stats.lateness.started),
          },
          0,
        ),
      ]
    } finally {
      await server.stop()
      all.close()
    }
  },
}
