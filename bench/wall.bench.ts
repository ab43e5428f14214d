import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { CHROMIUM, FLAGS, heapMb, onOneCore } from './load/browser.ts'
import { liveFleet, startFlapping } from './load/live-fleet.ts'
import { atMost, type Benchmark, type Row } from './row.ts'
import { type BenchServer, startBenchServer } from './server.ts'

const MONITORS = 5000
const PORT = 15_990
/** What is loaded once is not what a screen costs all day. */
const WARM_UP_MS = 60_000
const WATCHED_MS = 300_000
const TICKS_A_SECOND = 100

const names = ['wall.cpu', 'wall.memory'] as const
const WHAT: Readonly<Record<(typeof names)[number], string>> = {
  'wall.cpu': `all processes of a browser that shows the wall of ${MONITORS} monitors, 100 of them going up and down`,
  'wall.memory': 'its heap after 5 min over before',
}

/** A process and those that it started, by what the kernel says of each: its parent, and its ticks so far. */
const ticksBelow = (root: number): number => {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, rest = ''] = readFileSync(`/proc/${name}/stat`, 'utf8').split(/\) (?=[A-Za-z] )/)
        const fields = rest.split(' ').map(Number)
        return [{ id: Number(name), parent: fields[1]!, ticks: fields[11]! + fields[12]! }]
      } catch {
        // It ended meanwhile.
        return []
      }
    })
  const sum = (id: number): number =>
    (all.find((one) => one.id === id)?.ticks ?? 0) +
    all.filter(({ parent }) => parent === id).reduce((total, one) => total + sum(one.id), 0)
  return sum(root)
}

/** That the wall shows what it is to show: a page that broke costs nothing. */
const showsAll = async (page: Page): Promise<void> => {
  const shown = String(await page.evaluate('document.body.innerText'))
  if (!/\b[45],\d{3}\s+up/.test(shown)) throw new Error(`the wall does not show them all: ${shown.slice(0, 200)}`)
}

const measure = async (server: BenchServer, folder: string): Promise<Row[]> => {
  const browser = await chromium.launchServer({ executablePath: onOneCore(folder), args: FLAGS })
  try {
    const remote = await chromium.connect(browser.wsEndpoint())
    const extraHTTPHeaders = { authorization: `Bearer ${server.token()}` }
    const context = await remote.newContext({ extraHTTPHeaders, viewport: { width: 1920, height: 1080 } })
    const page = await context.newPage()
    await page.goto(`${server.url}/wall`)
    await page.waitForTimeout(WARM_UP_MS)
    await showsAll(page)
    const before = await heapMb(page)
    const began = performance.now()
    const ticks = ticksBelow(browser.process().pid!)
    await page.waitForTimeout(WATCHED_MS)
    const seconds = (ticksBelow(browser.process().pid!) - ticks) / TICKS_A_SECOND
    const cpu = (100 * seconds * 1000) / (performance.now() - began)
    const after = await heapMb(page)
    await showsAll(page)
    return [
      atMost({ name: 'wall.cpu', what: WHAT['wall.cpu'], unit: '% of a core', ours: cpu }, 3),
      atMost({ name: 'wall.memory', what: WHAT['wall.memory'], unit: 'times', ours: after / before }, 1.2),
    ]
  } finally {
    await browser.close()
  }
}

export const benchmark: Benchmark = {
  names,
  run: async () => {
    if (!existsSync(CHROMIUM))
      return names.map((name) => ({
        ...atMost({ name, what: `${WHAT[name]}: no chromium here`, unit: '', ours: null }, 0),
        target: '',
      }))
    const folder = mkdtempSync(join(tmpdir(), 'vigia-wall-'))
    const stopFlapping = await startFlapping(PORT)
    const server = await startBenchServer(liveFleet(MONITORS, PORT), PORT)
    try {
      return await measure(server, folder)
    } finally {
      await server.stop()
      await stopFlapping()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
