import { spawnSync } from 'node:child_process'
import { lacksNamespaces, lacksPacketFilter } from '../test/fixtures/machine.ts'

/**
 * A provider in network namespaces. Addresses are of the benchmark range (RFC 2544), which no real network uses:
 *
 *     noc -- uplink (two witnesses) -- core -- pop 1 … 10 (each: its router, 30 devices, 300 subscriber addresses)
 *
 * Devices and subscribers are addresses inside their POP's namespace. A fault is packets that are dropped where it
 * happens; what is broken can be mended, and `remove` leaves nothing behind.
 */
export interface Provider {
  /** Namespace in which the servers run. */
  readonly noc: string
  /** What drops packets: a router that is off, or the uplink. */
  off(place: Place): void
  on(place: Place): void
  /** Single devices without power. */
  kill(addresses: readonly string[]): void
  revive(addresses: readonly string[]): void
  /** Loses a share of the packets that reach a POP, in percent; 0 ends it. */
  lose(pop: number, percent: number): void
  remove(): void
}
export type Place = 'uplink' | 'core' | number

export const POPS = 10
export const DEVICES_OF_POP = 30
export const SUBSCRIBERS_OF_DEVICE = 10
export const CORE_ADDRESS = '198.18.254.1'
export const WITNESSES = ['198.18.255.1', '198.18.255.2'] as const

export const popAddress = (pop: number): string => `198.18.${pop}.1`
/** `device` counts from 1. */
export const deviceAddress = (pop: number, device: number): string => `198.18.${pop}.${device + 10}`

const run = (command: string, input = ''): void => {
  const { status, stderr, error } = spawnSync('sh', ['-ec', command], { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${stderr || error} (in: ${input || command})`)
}

/** Why no provider can be built here; undefined when it can. */
export const cannotBuild = (): string | undefined => lacksNamespaces() || lacksPacketFilter() || undefined

/** Where packets of a fault end: before anything else looks at them. */
const FAULTS = `
table inet drill {
  set dead { type ipv4_addr; }
  chain power { type filter hook prerouting priority -310; }
  chain loss { type filter hook prerouting priority -305; }
  chain unpowered { type filter hook prerouting priority -300; ip daddr @dead drop; }
}
`

const pops = Array.from({ length: POPS }, (_, index) => index + 1)

/** Lines of `ip` that lay a link: `far` is the side away from us. */
const link = (near: string, far: string, device: string, network: string): string[] => [
  `ip -n ${near} link add ${device} type veth peer name up0 netns ${far}`,
  `ip -n ${near} addr add ${network}.1/30 dev ${device}`,
  `ip -n ${near} link set ${device} up`,
  `ip -n ${far} addr add ${network}.2/30 dev up0`,
  `ip -n ${far} link set up0 up`,
]

/** Builds it under names that begin with `name`; throws with the command that failed, having removed what was made. */
export const createProvider = (name: string): Provider => {
  const space = (place: Place | 'noc'): string => `${name}-${place}`
  const popSpaces = pops.map(space)
  const all = [space('noc'), space('uplink'), space('core'), ...popSpaces]
  const remove = () => {
    for (const one of all)
      try {
        run(`ip netns del ${one}`)
      } catch {
        // It was not made, or is gone already.
      }
  }
  const nft = (place: Place, rules: string) => run(`ip netns exec ${space(place)} nft -f -`, rules)

  const lines = [
    ...all.flatMap((one) => [`ip netns add ${one}`, `ip -n ${one} link set lo up`]),
    ...link(space('noc'), space('uplink'), 'line', '198.18.200'),
    ...link(space('uplink'), space('core'), 'core', '198.18.201'),
    ...pops.flatMap((pop) => link(space('core'), space(pop), `pop${pop}`, `198.18.${100 + pop}`)),
    // Each knows what is behind it, and leaves the rest to the one before it.
    `ip -n ${space('noc')} route add default via 198.18.200.2`,
    ...WITNESSES.map((witness) => `ip -n ${space('uplink')} addr add ${witness}/32 dev lo`),
    `ip -n ${space('uplink')} route add 198.18.0.0/15 via 198.18.201.2`,
    `ip -n ${space('core')} addr add ${CORE_ADDRESS}/32 dev lo`,
    `ip -n ${space('core')} route add default via 198.18.201.1`,
    ...pops.flatMap((pop) => [
      `ip -n ${space('core')} route add 198.18.${pop}.0/24 via 198.18.${100 + pop}.2`,
      `ip -n ${space('core')} route add 198.19.${2 * pop}.0/23 via 198.18.${100 + pop}.2`,
      `ip -n ${space(pop)} route add default via 198.18.${100 + pop}.1`,
      `ip -n ${space(pop)} route add local 198.18.${pop}.0/24 dev lo`,
      `ip -n ${space(pop)} route add local 198.19.${2 * pop}.0/23 dev lo`,
    ]),
    ...[space('uplink'), space('core')].map((one) => `ip netns exec ${one} sysctl -qw net.ipv4.ip_forward=1`),
  ]
  try {
    run(lines.join('\n'))
    for (const place of ['uplink', 'core', ...pops] as const) nft(place, FAULTS)
  } catch (error) {
    remove()
    throw error
  }

  const dead = (verb: 'add' | 'delete', addresses: readonly string[]) => {
    for (const [pop, own] of Map.groupBy(addresses, (address) => Number(address.split('.')[2])))
      nft(pop, `${verb} element inet drill dead { ${own.join(', ')} }`)
  }
  // Our own line ends at the uplink's far side; a router that is off forwards nothing, from either side.
  const power = (place: Place) => (place === 'uplink' ? 'iifname "up0" drop' : 'drop')

  return {
    noc: space('noc'),
    off: (place) => nft(place, `add rule inet drill power ${power(place)}`),
    on: (place) => nft(place, 'flush chain inet drill power'),
    kill: (addresses) => dead('add', addresses),
    revive: (addresses) => dead('delete', addresses),
    lose: (pop, percent) =>
      nft(
        pop,
        `flush chain inet drill loss\n${percent > 0 ? `add rule inet drill loss numgen random mod 100 < ${percent} drop` : ''}`,
      ),
    remove,
  }
}
