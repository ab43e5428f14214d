import { execFile } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import fastify from 'fastify'
import { addMetricsRoute } from '#api/metrics.ts'
import { createLatestResults } from '#core/result/latest-results.ts'
import { createResultCollector } from '#core/result/result-batch.ts'
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
const latest = createLatestResults()
const collector = createResultCollector()
const health = async () => ({ ready: true, lateness: { p50: 1, p99: 4, max: 9 }, outbox: { pending: 0 } })
const metrics = createMetrics(
  { monitors: () => monitors, monitor: (id) => monitors[id], latest, health },
  { labels: ['site'] },
)
/** A new result of each monitor, as the engine hands them over. */
const probeAll = () => {
  for (const { monitor } of monitors)
    collector.add(monitor.id, Date.now(), 'up', 'ok', 12.34 + monitor.id / 1000, undefined, { loss: 0 })
  const batch = collector.take()
  latest.take(batch)
  metrics.results(batch)
}

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
  probeAll()
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
