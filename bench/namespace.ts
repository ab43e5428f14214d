import { execFileSync } from 'node:child_process'

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
