/** Partners on ports of their own choosing, with whom much was exchanged: a swarm, whose other members come and go. */
export const SWARM_PARTNERS = 3
export const HIGHEST_NAMED_PORT = 1023
/** Share of failed ports that are of one host each and of nobody's service. */
const SWARM_SHARE = 0.8

interface Tried {
  readonly ip: string
  readonly port: number
  readonly proto: string
  readonly failed: boolean
}

/** True where what failed looks like a swarm of peers: nearly each host on a port of its own, while others talk at length. */
export const isSwarm = (partners: ReadonlySet<number> | undefined, probes: Iterable<Tried>): boolean => {
  if (partners === undefined || partners.size < SWARM_PARTNERS) return false
  const failed = [...probes].filter((probe) => probe.failed && probe.proto === 'tcp')
  const high = failed.filter(({ port }) => port > HIGHEST_NAMED_PORT)
  const ports = new Set(high.map(({ port }) => port)).size
  const hosts = new Set(failed.map(({ ip }) => ip)).size
  return high.length >= failed.length * SWARM_SHARE && Math.min(ports, hosts) >= failed.length * SWARM_SHARE
}
