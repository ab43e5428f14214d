import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core'
import { PAGE_FOLDER } from '#api/web.ts'
import { NO_SPREAD } from '#core/monitor/spread.ts'
import { NO_LOSS } from '#core/result/result-batch.ts'
import { openHistoryStore } from '#storage/history/store.ts'
import { CHROMIUM, FLAGS, heapMb, onOneCore } from './load/browser.ts'
import { liveFleet, SITES, startFlapping } from './load/live-fleet.ts'
import { atMost, type Benchmark, median, type Row } from './row.ts'
import { type BenchServer, startBenchServer } from './server.ts'

const MONITORS = 5000
const PORT = 15_890
const config = liveFleet(MONITORS, PORT)
const COLD_STARTS = 5
const TYPED = 'pop-07 cpe'
const ROUNDS = 5
const REST_MS = 300
const MEMORY_MS = 300_000
const CUT_OFF = 1000
/** Apart from what the server beside it listens at. */
const OUTAGE_PORT = PORT + 20
const MEMORY_EVERY_MS = 30_000

const MONTHS = 5
const SETTLE_MS = 2500
const MINUTE_MS = 60_000
const MONTH_MINUTES = 30 * 24 * 60

const names = ['page.list', 'page.outage', 'page.filter', 'page.month', 'page.bundle', 'page.memory'] as const

const WHAT: Readonly<Record<(typeof names)[number], string>> = {
  'page.list': `address to named list, ${MONITORS} monitors, cold cache, one core, best of ${COLD_STARTS}`,
  'page.outage': `the same with ${CUT_OFF} of them cut off by one, beside none, best of ${COLD_STARTS}`,
  'page.filter': `slowest key in the filter, main thread's CPU until painted, ${MONITORS} monitors, live`,
  'page.month': `a month of one monitor, a result a minute, from the click to the chart, best of ${MONTHS}`,
  'page.bundle': 'JavaScript before the first list, gzip',
  'page.memory': 'heap after 5 min of live updates over before',
}

const unmeasured = (name: (typeof names)[number], why: string): Row => ({
  name,
  what: `${WHAT[name]}: ${why}`,
  unit: '',
  ours: null,
  peer: null,
  peer_name: null,
  ratio: null,
  target: '',
  holds: null,
})

/** Scripts that the document itself asks for; what is loaded later is not among them. */
const bundle = (): Row => {
  const html = readFileSync(join(PAGE_FOLDER, 'index.html'), 'utf8')
  const scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]!)
  const bytes = scripts.reduce((sum, script) => {
    const packed = join(PAGE_FOLDER, `${script}.gz`)
    return sum + statSync(existsSync(packed) ? packed : join(PAGE_FOLDER, script)).size
  }, 0)
  const ours = bytes / 1024
  const kuma = { peer: 605, peer_name: 'Uptime Kuma (measured elsewhere)', ratio: ours / 605 }
  return {
    ...atMost({ name: 'page.bundle', what: WHAT['page.bundle'], unit: 'KB', ours, n: scripts.length }, 300),
    ...kuma,
  }
}

/** The same network with one that is down, and all that is reached through it. */
const outageConfig = {
  ...config,
  defaults: { ...config.defaults, interval: '5s' },
  monitors: Array.from({ length: MONITORS }, (_, index) => ({
    name: `pop-${String(index % SITES).padStart(2, '0')} cpe ${index}`,
    target: `tcp://127.0.0.1:${index <= CUT_OFF ? PORT + 3 : PORT + 1}`,
    ...(index > 0 && index <= CUT_OFF && { parents: ['pop-00 cpe 0'] }),
    labels: { site: `POP-${index % SITES}`, tier: index % 3 === 0 ? 'core' : 'access' },
  })),
}

/** A result a minute of the first monitor, for the month before now. */
const fillMonth = (dataFolder: string): void => {
  const store = openHistoryStore(join(dataFolder, 'history.db'))
  const start = Date.now() - MONTH_MINUTES * MINUTE_MS
  for (let minute = 0; minute < MONTH_MINUTES; minute++) {
    store.append({
      count: 1,
      monitorIds: Int32Array.of(1),
      at: Float64Array.of(start + minute * MINUTE_MS),
      latency: Uint32Array.of(2000 + ((minute * 7919) % 1500)),
      codes: Uint8Array.of(minute % 997 === 0 ? 1 : 0),
      loss: Uint8Array.of(NO_LOSS),
      spread: Float64Array.of(NO_SPREAD),
    })
    if (minute % 1440 === 0) while (store.compact(start + minute * MINUTE_MS) > 0);
  }
  store.close()
}

/** Runs in the page: notes when the chart was drawn anew after a click on the month. */
const DRAW_MONTH = `new Promise((drawn) => {
  const before = document.querySelector('.uplot')
  const clicked = performance.now()
  document.querySelector('input[value=month]').click()
  const look = () => {
    const chart = document.querySelector('.uplot')
    if (!chart || chart === before) return requestAnimationFrame(look)
    requestAnimationFrame(() => drawn(performance.now() - clicked))
  }
  requestAnimationFrame(look)
})`

/** Time from the click to the chart, each time on a page that has never asked, ms. */
const monthMs = async (context: BrowserContext, url: string): Promise<number> => {
  const times: number[] = []
  for (let round = 0; round < MONTHS; round++) {
    const page = await context.newPage()
    await page.goto(`${url}/monitors/1`)
    await until(page, "document.querySelector('.uplot') !== null")
    // The names of all the others still come: what is measured is the month.
    await page.waitForTimeout(SETTLE_MS)
    times.push(Number(await page.evaluate(DRAW_MONTH)))
    await page.close()
  }
  return Math.min(...times)
}

/** Runs in the page: notes when ten monitors stand there by name and were painted. */
const WATCH_LIST = `
  const look = () => {
    if (document.querySelectorAll('[data-monitor]').length < 10) return requestAnimationFrame(look)
    requestAnimationFrame(() => { globalThis.listedAt = performance.now() })
  }
  requestAnimationFrame(look)`

/** The page's own policy forbids to wait for an expression inside of it. */
const until = async (page: Page, expression: string): Promise<void> => {
  for (let tries = 0; tries < 3000 && !(await page.evaluate(expression)); tries++) await page.waitForTimeout(20)
}

/** Time from the request of the page to the paint of a list with names, by the page's own clock. */
const coldStart = async (
  context: BrowserContext,
  url: string,
): Promise<{ readonly page: Page; readonly ms: number }> => {
  const page = await context.newPage()
  await page.addInitScript({ content: WATCH_LIST })
  await page.goto(url)
  await until(page, 'globalThis.listedAt > 0')
  return { page, ms: Number(await page.evaluate('listedAt')) }
}

/** CPU time of the page's main thread so far, ms. */
const mainThreadMs = async (session: CDPSession): Promise<number> => {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000
}

/**
 * Types into the filter, some times over; the slowest key's median, ms. All that the main thread does from the key until
 * the list has rested is counted, live updates too: what else runs on the machine is not.
 */
const filterMs = async (page: Page): Promise<number> => {
  await page.getByText(`${MONITORS.toLocaleString('en')} monitors`).waitFor()
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.locator('input[type=search]').focus()
  const rounds: number[][] = []
  for (let round = 0; round < ROUNDS; round++) {
    const spent: number[] = []
    for (const key of TYPED) {
      const before = await mainThreadMs(session)
      await page.keyboard.press(key === ' ' ? 'Space' : key)
      await page.waitForTimeout(REST_MS)
      spent.push((await mainThreadMs(session)) - before)
    }
    // A page that broke meanwhile is fast.
    const field = await page.locator('input[type=search]').inputValue()
    const rows = Number(await page.locator('[role=table]').getAttribute('aria-rowcount'))
    if (field !== TYPED || rows !== MONITORS / SITES)
      throw new Error(`the filter holds ${field} and shows ${rows} rows`)
    rounds.push(spent)
    await page.keyboard.press('Escape')
    await page.waitForTimeout(REST_MS)
  }
  await session.detach()
  return Math.max(...[...TYPED].map((_, index) => median(rounds.map((round) => round[index]!))))
}

/** Growth of the heap while updates come, as a factor; the first minute is warm-up. */
const memoryGrowth = async (page: Page): Promise<number> => {
  await page.locator('input[type=search]').fill('')
  await page.waitForTimeout(60_000)
  const before = await heapMb(page)
  const after: number[] = []
  for (let waited = 0; waited < MEMORY_MS; waited += MEMORY_EVERY_MS) {
    await page.waitForTimeout(MEMORY_EVERY_MS)
    after.push(await heapMb(page))
  }
  return median(after.slice(-3)) / before
}

/** The fastest of some cold starts, ms, and the page of the last one. */
const coldStarts = async (browser: Browser, server: BenchServer) => {
  const headers = { authorization: `Bearer ${server.token()}` }
  const starts: number[] = []
  let page: Page | undefined
  for (let start = 0; start < COLD_STARTS; start++) {
    await page?.context().close()
    const context = await browser.newContext({ extraHTTPHeaders: headers, viewport: { width: 1440, height: 900 } })
    const cold = await coldStart(context, server.url)
    starts.push(cold.ms)
    page = cold.page
  }
  return { ms: Math.min(...starts), page: page! }
}

/** How much longer the list takes while many are cut off. */
const outage = async (browser: Browser, plainMs: number): Promise<Row> => {
  const server = await startBenchServer(outageConfig, OUTAGE_PORT)
  try {
    const headers = { authorization: `Bearer ${server.token()}` }
    for (let cutOff = 0; cutOff < CUT_OFF; ) {
      const items = await (await fetch(`${server.url}/api/v1/monitors/summary`, { headers })).json()
      cutOff = (items as { items: { cut_off: number }[] }).items.reduce((sum, one) => sum + one.cut_off, 0)
      await new Promise((later) => setTimeout(later, 500))
    }
    const { ms, page } = await coldStarts(browser, server)
    await page.context().close()
    const row = atMost(
      { name: 'page.outage', what: WHAT['page.outage'], unit: 'ms', ours: ms, n: COLD_STARTS },
      Math.round(1.1 * plainMs),
    )
    return { ...row, peer: plainMs, peer_name: 'the same without an outage', ratio: ms / plainMs }
  } finally {
    await server.stop()
  }
}

const measure = async (server: BenchServer, folder: string, wanted: (name: string) => boolean): Promise<Row[]> => {
  const browser = await chromium.launch({ executablePath: onOneCore(folder), args: FLAGS })
  try {
    const { ms, page } = await coldStarts(browser, server)
    const list = atMost({ name: 'page.list', what: WHAT['page.list'], unit: 'ms', ours: ms, n: COLD_STARTS }, 1500)
    const cut = wanted('page.outage') ? [await outage(browser, ms)] : []
    const filter = atMost(
      { name: 'page.filter', what: WHAT['page.filter'], unit: 'ms', ours: await filterMs(page), n: TYPED.length },
      100,
    )
    const kuma = { peer: 6000, peer_name: 'Uptime Kuma, 500 monitors (elsewhere)', ratio: ms / 6000 }
    const month = atMost(
      {
        name: 'page.month',
        what: WHAT['page.month'],
        unit: 'ms',
        ours: await monthMs(page.context(), server.url),
        n: MONTHS,
      },
      300,
    )
    const memory = wanted('page.memory')
      ? [atMost({ name: 'page.memory', what: WHAT['page.memory'], unit: 'times', ours: await memoryGrowth(page) }, 1.2)]
      : []
    return [{ ...list, ...kuma }, ...cut, filter, month, ...memory]
  } finally {
    await browser.close()
  }
}

export const benchmark: Benchmark = {
  names,
  run: async (only) => {
    const wanted = (name: string) => only === undefined || name.startsWith(only)
    if (!existsSync(join(PAGE_FOLDER, 'index.html')))
      return names.filter(wanted).map((name) => unmeasured(name, 'the page is not built'))
    const rows = wanted('page.bundle') ? [bundle()] : []
    if (only === 'page.bundle') return rows
    if (!existsSync(CHROMIUM))
      return [
        ...rows,
        ...names
          .filter((name) => wanted(name) && name !== 'page.bundle')
          .map((name) => unmeasured(name, 'no chromium here')),
      ]
    const folder = mkdtempSync(join(tmpdir(), 'vigia-page-'))
    const stopFlapping = await startFlapping(PORT)
    const server = await startBenchServer(config, PORT, fillMonth)
    try {
      const measured = await measure(server, folder, wanted)
      return [...rows, ...measured.filter(({ name }) => wanted(name))]
    } finally {
      await server.stop()
      await stopFlapping()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
