import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Row } from './row.ts'

const run = (command: string) => execFileSync('sh', ['-c', command], { stdio: 'pipe' })

/** A network that swallows every packet, in a namespace of its own; addresses of the benchmark range (RFC 2544). */
export interface Blackhole {
  /** Addresses `198.19.0.0` to `198.19.255.255` are behind it. */
  address(index: number): string
  close(): void
}

/** Undefined where this user may not make one. */
export const makeBlackhole = (): Blackhole | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const name = `vigia-bench-${process.pid}`
  const near = `vb${process.pid % 100_000}`
  try {
    run(`ip netns add ${name}`)
    run(`ip link add ${near} type veth peer name far netns ${name}`)
    run(`ip addr add 198.18.255.1/30 dev ${near} && ip link set ${near} up`)
    run(`ip -n ${name} addr add 198.18.255.2/30 dev far && ip -n ${name} link set far up`)
    run(`ip netns exec ${name} sysctl -qw net.ipv4.ip_forward=1`)
    run(`ip -n ${name} route add blackhole 198.19.0.0/16 && ip route add 198.19.0.0/16 via 198.18.255.2`)
  } catch {
    try {
      run(`ip netns del ${name}`)
    } catch {
      // It was not made.
    }
    return undefined
  }
  return {
    address: (index) => `198.19.${(index >> 8) & 255}.${index & 255}`,
    close: () => void run(`ip netns del ${name}`),
  }
}

const MARK = 'VIGIA_BENCH_NETWORK'
/** As systemd sets it on the machines that people have: everybody may open a ping socket. */
const PING_RANGE = '0 2147483647'

/**
 * Measures rows in a network of their own, loopback alone, where ping sockets may be opened. Undefined where such a
 * network cannot be made, or this is one: then they are measured here.
 */
export const rowsOfOwnNetwork = (only: string): readonly Row[] | undefined => {
  if (process.env[MARK] || process.getuid?.() !== 0) return undefined
  const set = `ip link set lo up && sysctl -qw net.ipv4.ping_group_range="${PING_RANGE}"`
  if (spawnSync('unshare', ['--net', 'sh', '-c', set]).status !== 0) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'vigia-bench-'))
  const file = join(folder, 'rows.json')
  const runner = resolve(import.meta.dirname, 'run.ts')
  const again = [
    '--net',
    'sh',
    '-c',
    `${set} && exec "$@"`,
    'sh',
    process.execPath,
    runner,
    '--only',
    only,
    '--json',
    file,
  ]
  try {
    // Its exit code says whether all rows hold; the rows say so too.
    spawnSync('unshare', again, { env: { ...process.env, [MARK]: '1' }, stdio: ['ignore', 'ignore', 'inherit'] })
    return JSON.parse(readFileSync(file, 'utf8')) as Row[]
  } finally {
    rmSync(folder, { recursive: true })
  }
}
