import { execFile } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import fastify from 'fastify'
import { addMetricsRoute } from '#api/metrics.ts'
import { createMetrics } from '#metrics/index.ts'

/**
 * Serves the metrics of as many monitors as the first argument says, is scraped, and prints what a scrape cost. Times
 * are CPU times of the thread that runs the event loop: what other programs take of the machine is not counted.
 */
const count = Number(process.argv[2])
const SCRAPES = 12

const monitors = Array.from({ length: count }, (_, id) => ({
  monitor: { id, name: `router-${id}`, type: 'icmp', labels: { site: `POP-${id % 40}` }, paused: false },
}))
const latest = new Map(
  monitors.map(({ monitor: { id } }) => {
    const result = { monitorId: id, at: Date.now(), state: 'up', code: 'ok', latencyMs: 12.34 + id / 1000 } as const
    return [id, { ...result, metrics: { loss: 0 } }]
  }),
)
const health = async () => ({ ready: true, lateness: { p50: 1, p99: 4, max: 9 }, outbox: { pending: 0 } })
const metrics = createMetrics(
  { monitors: () => monitors, monitor: (id) => monitors[id], latest, health },
  { labels: ['site'] },
)
metrics.results([...latest.values()])

const app = fastify()
addMetricsRoute(app, metrics)
await app.listen({ port: 0, host: '127.0.0.1' })
const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/metrics`
const curl = promisify(execFile)

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** The longest turn of the event loop until it is stopped, ms; looking at each turn has its own price. */
const watchTurns = (): (() => number) => {
  let longest = 0
  let before = cpuMs()
  let watching = true
  const turn = () => {
    const now = cpuMs()
    longest = Math.max(longest, now - before)
    before = now
    if (watching) setImmediate(turn)
  }
  setImmediate(turn)
  return () => {
    watching = false
    return longest
  }
}

/** One scrape; with `turns`, its longest turn, else the whole of it. */
const scrape = async (turns: boolean): Promise<number> => {
  let before = 0
  let stop = () => 0
  // The start of the scraper, which this process pays for, is over when its request comes.
  app.server.prependOnceListener('request', () => {
    before = cpuMs()
    if (turns) stop = watchTurns()
  })
  await curl('curl', ['-s', '-o', '/dev/null', url])
  return turns ? stop() : cpuMs() - before
}

const whole: number[] = []
const longest: number[] = []
for (let run = 0; run < SCRAPES; run++) {
  whole.push(await scrape(false))
  longest.push(await scrape(true))
}
console.log(JSON.stringify({ whole, longest }))
await app.close()
process.exit(0)
