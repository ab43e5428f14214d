import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { atMost, type Benchmark, median } from './row.ts'

const MONITORS = 5000

/** CPU ms of the event loop's thread, scrape by scrape. */
interface Scrapes {
  readonly whole: readonly number[]
  readonly longest: readonly number[]
}

/** What a scrape takes of the event loop of a server with 5,000 monitors. */
export const benchmark: Benchmark = {
  names: ['metrics.scrape'],
  run: async () => {
    const script = join(import.meta.dirname, 'metrics-scrape.ts')
    const output = execFileSync(process.execPath, [script, String(MONITORS)], { encoding: 'utf8', timeout: 60_000 })
    const { whole, longest } = JSON.parse(output) as Scrapes
    const base = { name: 'metrics.scrape', unit: 'ms', n: MONITORS }
    return [
      atMost({ ...base, what: 'event loop per scrape, median', ours: median(whole) }, 50),
      atMost({ ...base, what: 'event loop per scrape, worst', ours: Math.max(...whole) }, 50),
      atMost({ ...base, what: 'longest turn of the event loop', ours: Math.max(...longest) }, 20),
    ]
  },
}
