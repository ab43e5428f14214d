import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Benchmark, Row } from './row.ts'

/** Debian's Python is the one whose psutil comes as a package. */
const PYTHON = '/usr/bin/python3'
const SIZES = [
  { name: 'sockets.20k', sockets: 20_000 },
  { name: 'sockets.100k', sockets: 100_000 },
] as const
const PEERS = [
  { key: 'ss', name: 'ss -tan', bound: 0.4 },
  { key: 'psutil', name: 'psutil, one walk', bound: 0.05 },
  { key: 'older', name: 'psutil, one walk per port', bound: 0.01 },
] as const

interface Found {
  readonly ours: { readonly cpuMs: number; readonly established: number }
  readonly ss: number
  readonly psutil?: number
  readonly older?: number
}

const has = (command: string): boolean => {
  try {
    execFileSync('sh', ['-c', command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const skipped = (name: string, why: string): Row => ({
  name,
  what: `not measured: ${why}`,
  unit: 'ms',
  ours: null,
  peer: null,
  peer_name: null,
  ratio: null,
  target: '',
  holds: null,
})

/** CPU of one count of ten ports, and that of the peers on the same sockets in the same namespace. */
const measure = (name: string, sockets: number): Row[] => {
  const file = (script: string) => join(import.meta.dirname, script)
  const output = execFileSync(
    'unshare',
    ['-n', PYTHON, file('sockets-peers.py'), String(sockets), process.execPath, file('sockets-ours.ts')],
    { encoding: 'utf8', timeout: 300_000, cwd: join(import.meta.dirname, '..') },
  )
  const found = JSON.parse(output) as Found
  const loss = sockets / 2 - found.ours.established
  return PEERS.map(({ key, name: peerName, bound }) => {
    const peer = found[key]
    if (peer === undefined) return skipped(name, `${peerName} needs python3-psutil`)
    const ours = found.ours.cpuMs
    return {
      name,
      what: 'CPU of one count of ten ports',
      unit: 'ms',
      ours,
      peer,
      peer_name: peerName,
      ratio: ours / peer,
      target: `ratio <= ${bound}`,
      holds: ours / peer <= bound && loss === 0,
      loss,
      n: sockets,
    }
  })
}

export const benchmark: Benchmark = {
  names: SIZES.map(({ name }) => name),
  run: async (only = '') =>
    SIZES.filter(({ name }) => name.startsWith(only)).flatMap(({ name, sockets }) =>
      has(`test "$(id -u)" = 0 && command -v unshare && command -v ss && test -x ${PYTHON}`)
        ? measure(name, sockets)
        : [skipped(name, 'needs root, unshare, ss and python3')],
    ),
}
