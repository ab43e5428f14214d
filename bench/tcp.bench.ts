import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectRequest } from '#core/probe.ts'
import { createProbeTools, type EngineTools } from '#engine/tools.ts'
import { startListener } from './listener.ts'
import { type Blackhole, makeBlackhole } from './namespace.ts'
import { atMostOf, type Blackbox, cpuOfOurs, skipped, startBlackbox } from './peer.ts'
import type { Benchmark, Row } from './row.ts'

const CONNECTS = 10_000
const BLACKBOX_PROBES = 2000
const BLACKBOX_PORT = 5082
/** Connects begun together; between them the listener gets its time. */
const WAVE = 500
const PER_10K = 's per 10,000'
const CONFIG = 'modules:\n  tcp_connect:\n    prober: tcp\n    timeout: 2s\n'

interface Load {
  readonly name: string
  readonly what: string
  /** Where each connect goes. */
  target(index: number): { readonly address: string; readonly port: number }
  readonly timeoutMs: number
  /** Connects that may wait at once. */
  readonly wave: number
  readonly expected: 'ok' | 'refused' | 'timeout'
  readonly blackbox: boolean
}

/** Runs all connects in waves; `start` begins one and calls back at its end. */
const inWaves = (wave: number, start: (index: number, done: () => void) => void): Promise<void> =>
  new Promise((resolve) => {
    let next = 0
    const begin = () => {
      if (next >= CONNECTS) return resolve()
      let left = Math.min(wave, CONNECTS - next)
      const done = () => {
        if (--left === 0) setTimeout(begin, 20)
      }
      for (const end = next + left; next < end; next++) start(next, done)
    }
    begin()
  })

const measureOurs = async (tools: EngineTools, load: Load): Promise<{ cpu: number; wrong: number }> => {
  let wrong = 0
  const callbacks: (() => void)[] = []
  const connects = tools.connects!((slot, ok, _ms, code) => {
    if ((ok ? 'ok' : code) !== load.expected) wrong++
    callbacks[slot]!()
  })
  const requests = Array.from(
    { length: CONNECTS },
    (_, index): ConnectRequest => ({ ...load.target(index), timeoutMs: load.timeoutMs, reset: true }),
  )
  const all = () =>
    inWaves(load.wave, (index, done) => {
      callbacks[index] = done
      connects.start(index, requests[index]!)
    })
  await all()
  wrong = 0
  return { cpu: await cpuOfOurs(all), wrong }
}

const measureNode = async (load: Load): Promise<number> => {
  const one = (index: number, done: () => void) => {
    const { address, port } = load.target(index)
    const socket = connect({ host: address, port, autoSelectFamily: false })
    const end = () => {
      clearTimeout(timer)
      socket.removeAllListeners().on('error', () => {})
      socket.destroy()
      done()
    }
    const timer = setTimeout(end, load.timeoutMs)
    socket.once('connect', () => {
      socket.resetAndDestroy()
      end()
    })
    socket.once('error', end)
  }
  await inWaves(load.wave, one)
  return cpuOfOurs(() => inWaves(load.wave, one))
}

const measure = async (load: Load, blackbox: Blackbox | undefined): Promise<Row[]> => {
  const tools = createProbeTools()
  const { cpu, wrong } = await measureOurs(tools, load)
  tools.close()
  const base = { name: load.name, unit: PER_10K, ours: cpu, loss: wrong, n: CONNECTS }
  const node = atMostOf({ ...base, what: load.what, peer: await measureNode(load), peer_name: 'node:net' }, 0.5)
  if (!load.blackbox) return [node]
  if (!blackbox) return [node, skipped(load.name, load.what, 'prometheus-blackbox-exporter')]
  const { address, port } = load.target(0)
  const seconds = await blackbox.measure(`module=tcp_connect&target=${address}:${port}`, BLACKBOX_PROBES)
  const peer = (seconds / BLACKBOX_PROBES) * CONNECTS
  return [node, atMostOf({ ...base, what: load.what, peer, peer_name: 'blackbox_exporter' }, 0.1)]
}

const spread = (index: number) => `127.2.${(index >> 8) & 255}.${index & 255}`

const loads = (port: number, blackhole: Blackhole | undefined): Load[] => {
  const near = { timeoutMs: 2000, wave: WAVE, blackbox: true }
  const open = {
    ...near,
    name: 'tcp.open',
    what: 'open port',
    expected: 'ok' as const,
    target: (index: number) => ({ address: spread(index), port }),
  }
  const closed = {
    ...near,
    name: 'tcp.closed',
    what: 'closed port',
    expected: 'refused' as const,
    target: (index: number) => ({ address: spread(index), port: 1 }),
  }
  if (!blackhole) return [open, closed]
  const blackholed = {
    name: 'tcp.blackholed',
    what: 'nothing answers, 200 ms',
    timeoutMs: 200,
    wave: 4000,
    blackbox: false,
    expected: 'timeout' as const,
    target: (index: number) => ({ address: blackhole.address(index), port: 80 }),
  }
  return [open, closed, blackholed]
}

const NAMES = ['tcp.open', 'tcp.closed', 'tcp.blackholed']

export const benchmark: Benchmark = {
  names: NAMES,
  run: async (only = '') => {
    const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
    const file = join(folder, 'blackbox.yml')
    writeFileSync(file, CONFIG)
    const listener = await startListener('tcp')
    const blackhole = makeBlackhole()
    const blackbox = await startBlackbox(BLACKBOX_PORT, file)
    try {
      const rows: Row[] = []
      for (const load of loads(listener.port, blackhole))
        if (load.name.startsWith(only)) rows.push(...(await measure(load, blackbox)))
      if (!blackhole && 'tcp.blackholed'.startsWith(only))
        rows.push(skipped('tcp.blackholed', 'needs root for a namespace', 'node:net'))
      return rows
    } finally {
      listener.stop()
      blackhole?.close()
      await blackbox?.stop()
      rmSync(folder, { recursive: true })
    }
  },
}
