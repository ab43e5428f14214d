import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { NamesFigures } from './load/names-run.ts'
import { atMost, type Benchmark, type Row } from './row.ts'

const RUN = resolve(import.meta.dirname, 'load/names-run.ts')

/** Measures in a network and with settings of names of its own; undefined where this user may not make them. */
const measure = (only: string | undefined): NamesFigures | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'vigia-names-'))
  try {
    writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\n')
    writeFileSync(join(folder, 'nsswitch.conf'), 'hosts: files dns\n')
    const bind = ['resolv.conf', 'nsswitch.conf'].map((name) => `mount --bind "$0/${name}" /etc/${name}`).join(' && ')
    const command = `ip link set lo up && ${bind} && exec "$@"`
    const run = ['--net', '--mount', 'sh', '-c', command, folder, process.execPath, RUN, only ?? 'names']
    const { stdout, status } = spawnSync('unshare', run, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    return status === 0 ? (JSON.parse(stdout) as NamesFigures) : undefined
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const beside = (name: string, what: string, ours: number | null, peer: number | null, bound: number): Row => {
  const ratio = ours === null || peer === null ? null : ours / peer
  return {
    ...atMost({ name, what, unit: 'us', ours }, bound),
    peer,
    peer_name: 'dns.lookup',
    ratio,
    target: `<= ${bound} of it`,
    holds: ratio === null ? null : ratio <= bound,
  }
}

/** What a name costs, and what a hundred names that nobody answers do to the other monitors. */
export const benchmark: Benchmark = {
  names: ['names.asked', 'names.memory', 'names.silent'],
  run: async (only) => {
    const figures = measure(only)
    const { asked = null, memory = null, system = null, silent } = figures ?? {}
    const all = [
      beside('names.asked', 'CPU of a name asked anew', asked, system, 0.8),
      beside('names.memory', 'CPU of a name from memory', memory, system, 0.05),
      atMost(
        {
          name: 'names.silent',
          what: 'lateness p99, 900 beside 100 silent',
          unit: 'ms',
          ours: silent?.latenessP99 ?? null,
        },
        50,
      ),
      atMost({ name: 'names.silent', what: 'of the 900: told down wrongly', unit: '', ours: silent?.wrong ?? null }, 0),
      atMost(
        { name: 'names.silent', what: 'failure among them to message', unit: 's', ours: silent?.toldAfterS ?? null },
        21,
      ),
    ]
    return all.filter(({ name }) => only === undefined || name.startsWith(only))
  },
}
