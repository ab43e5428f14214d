import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createHttpSink } from '../../test/fixtures/servers/http-sink.ts'
import { median } from '../row.ts'
import { startBenchServer } from '../server.ts'

/** Runs in a network of its own, where the DNS at 127.0.0.1 is its own as well; prints the figures. */

export interface NamesFigures {
  /** CPU of one name, µs. */
  readonly asked?: number
  readonly memory?: number
  readonly system?: number
  readonly silent?: { readonly latenessP99: number; readonly wrong: number; readonly toldAfterS: number }
}

const here = (name: string) => join(import.meta.dirname, name)
const pause = (seconds: number) => new Promise((later) => setTimeout(later, seconds * 1000))
const ROUNDS = 5
const PORT = 5083

const ask = (way: string, count: number): number =>
  Number(execFileSync(process.execPath, [here('names-ask.ts'), way, String(count)], { encoding: 'utf8' }))

/** In turn, so that a busy moment concerns all ways alike. */
const cpu = (): NamesFigures => {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    asked: ask('ours', 10_000),
    system: ask('system', 10_000),
    memory: ask('memory', 100_000),
  }))
  const middle = (way: 'asked' | 'system' | 'memory') => median(rounds.map((one) => one[way]))
  return { asked: middle('asked'), memory: middle('memory'), system: middle('system') }
}

const GOOD = 900
const SILENT = 100
const INTERVAL_MS = 20_000
const AT_ONCE = 20
/** When each look at a monitor began, ms since the epoch. */
type LooksOf = (id: number) => Promise<readonly number[]>

/** How late the looks at one monitor began, ms, by its earliest one: it has a beat of its own. */
const latenessOf = (looks: readonly number[]): readonly number[] => {
  const [first = 0] = looks
  const offBeat = looks.map((at) => {
    const off = (((at - first) % INTERVAL_MS) + INTERVAL_MS) % INTERVAL_MS
    return off > INTERVAL_MS / 2 ? off - INTERVAL_MS : off
  })
  const earliest = Math.min(...offBeat)
  return offBeat.map((off) => off - earliest)
}

/** Of all looks at these monitors. */
const latenessP99 = async (ids: readonly number[], looksOf: LooksOf): Promise<number> => {
  const late: number[] = []
  for (let from = 0; from < ids.length; from += AT_ONCE)
    for (const looks of await Promise.all(ids.slice(from, from + AT_ONCE).map(looksOf))) late.push(...latenessOf(looks))
  late.sort((a, b) => a - b)
  return late[Math.floor(late.length * 0.99)] ?? Number.POSITIVE_INFINITY
}

const silence = async (): Promise<NonNullable<NamesFigures['silent']>> => {
  const target = createServer((socket) => socket.on('error', () => {}).end())
  target.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
  const failing = createServer((socket) => socket.on('error', () => {}).end())
  failing.listen({ port: 0, host: '127.0.0.1' })
  await Promise.all([once(target, 'listening'), once(failing, 'listening')])
  const portOf = (server: typeof target) => (server.address() as { port: number }).port
  const told = new Map<string, number>()
  const hook = await createHttpSink({
    answer: ({ body }) => {
      const { monitor } = JSON.parse(body) as { monitor: string }
      if (!told.has(monitor)) told.set(monitor, performance.now())
      return {}
    },
  })
  const tcp = (name: string, host: string, port: number) => ({ name, type: 'tcp', options: { host, port } })
  const monitors = [
    ...Array.from({ length: GOOD - 1 }, (_, index) => tcp(`good-${index}`, `good-${index}.test`, portOf(target))),
    tcp('failing', 'failing.test', portOf(failing)),
    ...Array.from({ length: SILENT }, (_, index) => ({
      ...tcp(`silent-${index}`, `silent-${index}.test`, portOf(target)),
      channels: [],
    })),
  ]
  const config = {
    defaults: { interval: `${INTERVAL_MS / 1000}s`, failures: 1, channels: ['hook'] },
    channels: [{ name: 'hook', type: 'webhook', options: { url: `http://hook.test:${hook.port}/` } }],
    monitors,
  }
  const server = await startBenchServer(config, PORT)
  try {
    const headers = { authorization: `Bearer ${server.token()}` }
    await pause(100)
    const get = async (path: string) => (await fetch(`${server.url}/api/v1/${path}`, { headers })).json()
    const { items } = (await get('monitors?limit=1000&brief=true')) as {
      readonly items: readonly { readonly id: number; readonly name: string }[]
    }
    const good = items.filter(({ name }) => !name.startsWith('silent')).map(({ id }) => id)
    const looksOf: LooksOf = async (id) => {
      const found = (await get(`monitors/${id}/results`)) as { readonly items: readonly { readonly at: string }[] }
      return found.items.map(({ at }) => Date.parse(at))
    }
    const late = await latenessP99(good, looksOf)
    if (good.length !== GOOD) throw new Error(`${good.length} monitors in place of ${GOOD}`)
    const stoppedAt = performance.now()
    failing.close()
    const wrong = [...told.keys()].filter((name) => name !== 'failing').length
    while (!told.has('failing') && performance.now() - stoppedAt < 60_000) await pause(0.05)
    const at = told.get('failing')
    return {
      latenessP99: late,
      wrong: wrong + (at !== undefined && at < stoppedAt ? 1 : 0),
      toldAfterS: at === undefined ? Number.POSITIVE_INFINITY : (at - stoppedAt) / 1000,
    }
  } finally {
    await server.stop()
    await hook.close()
    target.close()
  }
}

const only = process.argv[2] ?? 'names'
const dns = spawn(process.execPath, [here('names-dns.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
await once(dns.stdout, 'data')
try {
  const wantsSilence = 'names.silent'.startsWith(only)
  const wantsCpu = only !== 'names.silent'
  const figures = { ...(wantsCpu && cpu()), ...(wantsSilence && { silent: await silence() }) }
  console.log(JSON.stringify(figures))
} finally {
  dns.kill()
}
process.exit(0)
