import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectRequest } from '#core/probe.ts'
import { createProbeTools, type EngineTools } from '#engine/tools.ts'
import { startListener } from './listener.ts'
import { type Blackhole, makeBlackhole } from './namespace.ts'
import { atMostOf, type Blackbox, cpuOfOurs, skipped, startBlackbox } from './peer.ts'
import { type Benchmark, median, type Row } from './row.ts'

const CONNECTS = 10_000
/** Times that each is measured, after others in which its code is compiled. */
const TURNS = 9
const WARM_UP = 5
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

interface Contender {
  /** Makes all connects of the load once. */
  run(): Promise<void>
  close?(): void
}

const ours = (load: Load, onWrong: () => void): Contender => {
  const tools: EngineTools = createProbeTools()
  const callbacks: (() => void)[] = []
  const connects = tools.connects!((slot, ok, _ms, code) => {
    if ((ok ? 'ok' : code) !== load.expected) onWrong()
    callbacks[slot]!()
  })
  const requests = Array.from(
    { length: CONNECTS },
    (_, index): ConnectRequest => ({ ...load.target(index), timeoutMs: load.timeoutMs, reset: true }),
  )
  const start = (index: number, done: () => void) => {
    callbacks[index] = done
    connects.start(index, requests[index]!)
  }
  return { run: () => inWaves(load.wave, start), close: tools.close }
}

const node = (load: Load): Contender => {
  const start = (index: number, done: () => void) => {
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
  return { run: () => inWaves(load.wave, start) }
}

/** Median CPU of each, in turns so that both meet the same machine. */
const inTurns = async (...contenders: readonly Contender[]): Promise<number[]> => {
  const seconds = contenders.map((): number[] => [])
  for (let turn = 0; turn < WARM_UP + TURNS; turn++)
    for (const [index, { run }] of contenders.entries()) {
      const cpu = await cpuOfOurs(run)
      if (turn >= WARM_UP) seconds[index]!.push(cpu)
    }
  return seconds.map(median)
}

const measure = async (load: Load, blackbox: Blackbox | undefined): Promise<Row[]> => {
  let wrong = 0
  const engine = ours(load, () => wrong++)
  const [cpu, peerCpu] = await inTurns(engine, node(load))
  engine.close!()
  const base = { name: load.name, unit: PER_10K, ours: cpu!, loss: wrong, n: CONNECTS * (WARM_UP + TURNS) }
  const row = atMostOf({ ...base, what: load.what, peer: peerCpu!, peer_name: 'node:net' }, 0.5)
  if (!load.blackbox) return [row]
  if (!blackbox) return [row, skipped(load.name, load.what, 'prometheus-blackbox-exporter')]
  const { address, port } = load.target(0)
  const seconds = await blackbox.measure(`module=tcp_connect&target=${address}:${port}`, BLACKBOX_PROBES)
  const peer = (seconds / BLACKBOX_PROBES) * CONNECTS
  return [row, atMostOf({ ...base, what: load.what, peer, peer_name: 'blackbox_exporter' }, 0.1)]
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
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
