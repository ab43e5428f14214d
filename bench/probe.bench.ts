import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer as createHttp, get } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Benchmark, Row } from './row.ts'

const PEER = 'prometheus-blackbox-exporter'
const TICKS_PER_SECOND = 100
const CONCURRENCY = 16
const WARM_UP = 4000
const PROBES = 6000
/** At least twice the peer's rate per CPU. */
const BOUND = 0.5

const cpuMs = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1000
}

/** Asks for so many probes, some at a time on kept connections; returns how many did not succeed. */
const ask = async (url: string, count: number): Promise<number> => {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY })
  let left = count
  let failed = 0
  const one = () =>
    new Promise<void>((done) => {
      get(url, { agent }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part) => {
          text += part
        })
        response.on('end', () => {
          if (!text.includes('\nprobe_success 1\n')) failed++
          done()
        })
      }).on('error', () => {
        failed++
        done()
      })
    })
  const worker = async () => {
    while (left-- > 0) await one()
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  agent.destroy()
  return failed
}

const measure = async (pid: number, url: string): Promise<{ readonly ms: number; readonly failed: number }> => {
  await ask(url, WARM_UP)
  const before = cpuMs(pid)
  const failed = await ask(url, PROBES)
  return { ms: (cpuMs(pid) - before) / PROBES, failed }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

const until = async (url: string): Promise<void> => {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await fetch(url).then(Boolean, () => false)) return
    await new Promise((later) => setTimeout(later, 25))
  }
  throw new Error(`${url} did not answer`)
}

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}

const startPeer = async (folder: string): Promise<{ child: ChildProcess; port: number }> => {
  const port = await freePort()
  const file = join(folder, 'blackbox.yml')
  writeFileSync(file, JSON.stringify({ modules: { http_2xx: { prober: 'http' }, tcp_connect: { prober: 'tcp' } } }))
  const flags = [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`]
  const child = spawn(PEER, flags, { stdio: 'ignore' })
  await until(`http://127.0.0.1:${port}/-/healthy`)
  return { child, port }
}

const startOurs = async (): Promise<{ child: ChildProcess; port: number }> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'probe-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '..'),
  })
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  return { child, port: Number(line.toString()) }
}

const compare = async (module: string, target: string, folder: string): Promise<Row> => {
  const query = `probe?module=${module}&target=${encodeURIComponent(target)}`
  const run = async ({ child, port }: { child: ChildProcess; port: number }) => {
    try {
      return await measure(child.pid!, `http://127.0.0.1:${port}/${query}`)
    } finally {
      await end(child)
    }
  }
  const ours = await run(await startOurs())
  const peer = await run(await startPeer(folder))
  const ratio = ours.ms / peer.ms
  return {
    name: 'probe.rate',
    what: `CPU per /probe, ${module}`,
    unit: 'ms',
    ours: ours.ms,
    peer: peer.ms,
    peer_name: 'blackbox_exporter',
    ratio,
    target: `ratio <= ${BOUND}`,
    holds: ratio <= BOUND && ours.failed === 0,
    loss: ours.failed,
    n: PROBES,
  }
}

const hasPeer = (): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${PEER}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export const benchmark: Benchmark = {
  names: ['probe.rate'],
  run: async () => {
    const missing = { ours: null, peer: null, peer_name: null, ratio: null, target: '', holds: null }
    if (!hasPeer()) return [{ name: 'probe.rate', what: `not measured: needs ${PEER}`, unit: 'ms', ...missing }]
    const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
    const web = createHttp((_request, response) => response.end('hello')).listen(0, '127.0.0.1')
    await once(web, 'listening')
    const place = `127.0.0.1:${(web.address() as AddressInfo).port}`
    try {
      return [await compare('tcp_connect', place, folder), await compare('http_2xx', `http://${place}/`, folder)]
    } finally {
      web.closeAllConnections()
      web.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
