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
    defaults: { interval: '20s', failures: 1, channels: ['hook'] },
    channels: [{ name: 'hook', type: 'webhook', options: { url: `http://hook.test:${hook.port}/` } }],
    monitors,
  }
  const server = await startBenchServer(config, PORT)
  try {
    const headers = { authorization: `Bearer ${server.token()}` }
    await pause(100)
    const answer = await fetch(`${server.url}/api/v1/engine`, { headers })
    const { lateness } = (await answer.json()) as { readonly lateness: { readonly p99: number } }
    const stoppedAt = performance.now()
    failing.close()
    const wrong = [...told.keys()].filter((name) => name !== 'failing').length
    while (!told.has('failing') && performance.now() - stoppedAt < 60_000) await pause(0.05)
    const at = told.get('failing')
    return {
      latenessP99: lateness.p99,
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
