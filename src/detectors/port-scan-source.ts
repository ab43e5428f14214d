import type { ConnRecord } from '#core/event/zeek-record.ts'
import { createDistinctCounter, type DistinctCounter } from '#lib/sketch/distinct-counter.ts'
import { hashText, mixHash } from '#lib/sketch/hash.ts'
import { age, newWalks, step, type Walks } from './contact-walk.ts'
import type { Attempt } from './scan-attempt.ts'
import { HIGHEST_NAMED_PORT, isSwarm, SWARM_PARTNERS } from './swarm.ts'

interface Probe {
  readonly ip: string
  readonly port: number
  readonly proto: string
  failed: boolean
  timeMs: number
}

export type Shape = 'vertical' | 'horizontal' | 'mixed'
type Counter =
  | 'failed targets'
  | 'failing first contacts'
  | 'failing first contacts with ports'
  | 'failing first contacts from outside'
  | 'many hosts in a minute'

export interface Scan {
  readonly shape: Shape
  readonly counter: Counter
}

export interface ScanLimits {
  /** Ports of one host that failed within the window. */
  readonly ports: number
  /** Hosts of one port that failed within the window. */
  readonly hosts: number
  /** Failed (host, port) of any kind within the window. */
  readonly targets: number
  /** Failing first contacts in excess of successful ones. */
  readonly contacts: number
  /** Hosts on one port within a minute, all tiny. */
  readonly burst: number
  /** Hosts of one UDP service that did not answer within the window. */
  readonly udpHosts: number
  /** The source is an outside one: nobody there tries many of our targets, all in vain, for a reason of his own. */
  readonly outside: boolean
}

export const WINDOW_MS = 15 * 60_000
const BURST_MS = 60_000
/** A scan by UDP has to find more of them closed: silence is common there. */
const UDP_PORTS = 30
/** UDP services that are looked for on many hosts, beside those below 1024. */
const UDP_SERVICES = new Set([1434, 1604, 1900, 2049, 3283, 3478, 3702, 5060, 5683, 10_001, 11_211, 27_960, 47_808])
/** Resolvers and clocks ask many servers of which some never answer. */
const UDP_ASKED_BY_ALL = new Set([53, 123])
/** Share of pings that must find nobody: who watches a network finds most of it, who looks for hosts does not. */
const PINGS_FAILED = 0.7
/** Share of a burst that must find nothing. */
const BURST_FAILED = 0.2
/** Where doors are found open as well as closed, seven tenths of a burst are enough. */
const MIXED_BURST = 0.7
const MIXED = [0.3, 0.8] as const
/** Failing first contacts with ports, for each of those with hosts: a broken service tries a few ports of its own. */
const PORTS_PER_CONTACT = 2
const MOST_PROBES = 96
const FIRST_PROBES = 12

/** What is remembered of one client. */
export interface ScanSource {
  readonly ip: string
  /** By hash of protocol, host and port. */
  readonly probes: Map<number, Probe>
  /** Over first contacts with hosts, and with their ports; from the first failure on, which most clients never have. */
  walks: Walks | undefined
  /** Partners of conversations on high ports, by hash, a few. */
  partners: Set<number> | undefined
  lastMs: number
  /** So many probes are looked through for old ones. */
  pruneAt: number
  /** Probes that failed, of all times, and at how many of them the counters of failed ones can have what they take. */
  failed: number
  nextFailed: number
  /** Attempts of the running minute and of the one before it: at most so many of the probes are that young. */
  minute: number
  inMinute: number
  inLast: number
  /** From the first sign of a scan on. */
  running: RunningScan | undefined
}

interface RunningScan extends Scan {
  readonly firstMs: number
  readonly targets: DistinctCounter
  readonly ports: DistinctCounter
  readonly hosts: DistinctCounter
  readonly lowestPorts: Set<number>
  readonly protocols: Set<string>
  readonly samples: string[]
}

export const createSource = (ip: string): ScanSource => ({
  ip,
  probes: new Map(),
  walks: undefined,
  partners: undefined,
  lastMs: 0,
  pruneAt: FIRST_PROBES,
  failed: 0,
  nextFailed: 0,
  minute: 0,
  inMinute: 0,
  inLast: 0,
  running: undefined,
})

const targetHash = (host: number, port: number): number => mixHash(host ^ Math.imul(port + 1, 0x9e3779b1))

const hostKey = ({ ip }: Probe): string => ip
const portKey = ({ port }: Probe): number => port

const counts = <Key>(probes: readonly Probe[], keyOf: (probe: Probe) => Key): Map<Key, number> => {
  const found = new Map<Key, number>()
  for (const probe of probes) {
    const key = keyOf(probe)
    found.set(key, (found.get(key) ?? 0) + 1)
  }
  return found
}

const largest = (found: ReadonlyMap<unknown, number>): number => {
  let most = 0
  for (const count of found.values()) if (count > most) most = count
  return most
}

const isStale = (probe: Probe, nowMs: number): boolean => nowMs - probe.timeMs > (probe.failed ? WINDOW_MS : BURST_MS)

export const prune = (source: ScanSource, nowMs: number): void => {
  for (const [key, probe] of source.probes) if (isStale(probe, nowMs)) source.probes.delete(key)
}

/** Room for another probe: what is old goes when there are twice as many as were young, and the oldest where all are. */
const makeRoom = (source: ScanSource): void => {
  if (source.probes.size < source.pruneAt) return
  prune(source, source.lastMs)
  source.pruneAt = Math.min(MOST_PROBES, Math.max(FIRST_PROBES, source.probes.size * 2))
  if (source.probes.size < MOST_PROBES) return
  source.probes.delete(source.probes.keys().next().value!)
}

const noteMinute = (source: ScanSource): void => {
  const minute = Math.floor(source.lastMs / BURST_MS)
  if (minute === source.minute) {
    source.inMinute++
    return
  }
  source.inLast = minute === source.minute + 1 ? source.inMinute : 0
  source.inMinute = 1
  source.minute = minute
}

/** False where no counter can have what it takes: nearly always, and known without looking at the probes. */
const mayScan = ({ probes, failed, nextFailed, inMinute, inLast }: ScanSource, { ports, burst }: ScanLimits): boolean =>
  probes.size >= Math.min(ports, burst * MIXED_BURST) &&
  (failed >= nextFailed || inMinute + inLast >= burst * MIXED_BURST)

const shapeOf = (hosts: number, ports: number): Shape =>
  ports > 1 && hosts <= 5 && ports > hosts ? 'vertical' : ports <= 5 ? 'horizontal' : 'mixed'

const failedScan = (source: ScanSource, limits: ScanLimits): Scan | undefined => {
  const failed: Probe[] = []
  const pings = { all: 0, failed: 0 }
  for (const probe of source.probes.values()) {
    if (probe.failed) failed.push(probe)
    if (probe.proto !== 'icmp') continue
    pings.all++
    if (probe.failed) pings.failed++
  }
  const inVain = pings.failed >= pings.all * PINGS_FAILED
  const noUdp = failed.filter(({ proto }) => proto === 'tcp' || proto === 'icmp')
  const tcp = inVain ? noUdp : noUdp.filter(({ proto }) => proto === 'tcp')
  const counter = 'failed targets'
  const [ports, hosts] = [largest(counts(noUdp, hostKey)), largest(counts(noUdp, portKey))]
  const udp = failed.filter(({ proto }) => proto === 'udp')
  const services = udp.filter(({ port }) => !UDP_ASKED_BY_ALL.has(port) && (port < 1024 || UDP_SERVICES.has(port)))
  const [udpPorts, udpHosts] = [largest(counts(udp, hostKey)), largest(counts(services, portKey))]
  const missing = [
    limits.ports - ports,
    limits.hosts - hosts,
    limits.targets - noUdp.length,
    UDP_PORTS - udpPorts,
    limits.udpHosts - udpHosts,
  ]
  source.nextFailed = source.failed + Math.max(0, Math.min(...missing))
  if (source.nextFailed > source.failed) return undefined
  if (largest(counts(tcp, hostKey)) >= limits.ports) return { shape: 'vertical', counter }
  if (largest(counts(tcp, portKey)) >= limits.hosts) return { shape: 'horizontal', counter }
  if (tcp.length >= limits.targets && !isSwarm(source.partners, source.probes.values()))
    return { shape: 'mixed', counter }
  if (udpPorts >= UDP_PORTS) return { shape: 'vertical', counter }
  return udpHosts >= limits.udpHosts ? { shape: 'horizontal', counter } : undefined
}

const burstScan = (source: ScanSource, port: number, nowMs: number, limits: ScanLimits): Scan | undefined => {
  const recent = [...source.probes.values()].filter(
    (probe) => probe.proto === 'tcp' && probe.port === port && nowMs - probe.timeMs <= BURST_MS,
  )
  if (recent.length < limits.burst * MIXED_BURST) return undefined
  const failed = recent.filter((probe) => probe.failed).length / recent.length
  const least = recent.length >= limits.burst ? failed >= BURST_FAILED : failed >= MIXED[0] && failed <= MIXED[1]
  return least ? { shape: 'horizontal', counter: 'many hosts in a minute' } : undefined
}

/** Scans that take their time, by first contacts. */
const slowScan = (source: ScanSource, { contacts, outside }: ScanLimits): Scan | undefined => {
  const { walks } = source
  if (!walks) return undefined
  const { hosts, ports } = walks
  const many = hosts.height >= contacts
  if (!many && ports.height < contacts * (outside ? 1 : PORTS_PER_CONTACT)) return undefined
  if (isSwarm(source.partners, source.probes.values())) return undefined
  if (many) return { shape: 'horizontal', counter: 'failing first contacts' }
  if (ports.height < contacts * PORTS_PER_CONTACT)
    return { shape: hosts.height > 1 ? 'mixed' : 'vertical', counter: 'failing first contacts from outside' }
  return { shape: 'vertical', counter: 'failing first contacts with ports' }
}

/**
 * By UDP silence is common, and peers of a swarm find nobody at home: a probe from outside is one for a service, from no
 * port of a service, which an answer that comes too late has.
 */
const isUdpProbe = ({ proto, clientPort, serverPort }: ConnRecord): boolean =>
  proto === 'udp' &&
  clientPort > HIGHEST_NAMED_PORT &&
  !UDP_ASKED_BY_ALL.has(clientPort) &&
  (serverPort <= HIGHEST_NAMED_PORT || UDP_SERVICES.has(serverPort))

/** Takes one attempt into account and says whether the client is scanning by now. */
export const addAttempt = (
  source: ScanSource,
  conn: ConnRecord,
  attempt: Attempt,
  limits: ScanLimits,
): Scan | undefined => {
  const { serverIp: ip, serverPort: port, proto, timeMs } = conn
  const host = hashText(ip)
  const failed = attempt === 'failed'
  if (timeMs > source.lastMs) source.lastMs = timeMs
  if (failed) source.walks ??= newWalks(timeMs)
  const { walks } = source
  if (walks && (proto === 'tcp' || (limits.outside && isUdpProbe(conn)))) {
    age(walks, timeMs)
    if (proto === 'tcp') step(walks.hosts, host, failed)
    step(walks.ports, targetHash(host, port), failed)
  }
  if (attempt === 'conversation') {
    if (port > HIGHEST_NAMED_PORT && (source.partners?.size ?? 0) < SWARM_PARTNERS) {
      source.partners ??= new Set()
      source.partners.add(host)
    }
    return undefined
  }
  if (source.running) count(source.running, { ip, port, proto, failed })
  const key = targetHash(host, port) ^ (proto === 'udp' ? 1 : 0)
  noteMinute(source)
  const before = source.probes.get(key)
  const known = before && !isStale(before, timeMs) ? before : undefined
  if (before && !known) source.probes.delete(key)
  if (known) {
    if (timeMs > known.timeMs) known.timeMs = timeMs
    if (known.failed || !failed) return undefined
    known.failed = true
    source.failed++
  } else {
    makeRoom(source)
    source.probes.set(key, { ip, port, proto, failed, timeMs })
    if (failed) source.failed++
  }
  // Every counter needs failures: only those are worth counting again.
  if (!failed) return undefined
  const slow = slowScan(source, limits)
  if (!slow && !mayScan(source, limits)) return undefined
  prune(source, source.lastMs)
  const scan = failedScan(source, limits) ?? burstScan(source, port, source.lastMs, limits) ?? slow
  if (scan && !source.running) begin(source, scan)
  return scan
}

/** A walk is older than what is remembered one by one. */
const beganMs = ({ walks }: ScanSource, { counter }: Scan): number =>
  walks && counter.startsWith('failing') ? walks.sinceMs : Number.POSITIVE_INFINITY

const begin = (source: ScanSource, scan: Scan): void => {
  const probes = [...source.probes.values()]
  source.running = {
    ...scan,
    firstMs: Math.min(source.lastMs, beganMs(source, scan), ...probes.map(({ timeMs }) => timeMs)),
    targets: createDistinctCounter(),
    ports: createDistinctCounter(),
    hosts: createDistinctCounter(),
    lowestPorts: new Set(),
    protocols: new Set(),
    samples: [],
  }
  for (const probe of probes) count(source.running, probe)
}

const MOST_PORTS = 50
const MOST_SAMPLES = 5

const count = (scan: RunningScan, { ip, port, proto, failed }: Omit<Probe, 'timeMs'>): void => {
  scan.protocols.add(proto)
  const host = hashText(ip)
  const target = scan.targets.add(targetHash(host, port))
  scan.hosts.add(host)
  scan.ports.add(mixHash(port + 1))
  if (scan.lowestPorts.size < MOST_PORTS) scan.lowestPorts.add(port)
  if (target && failed && scan.samples.length < MOST_SAMPLES)
    scan.samples.push(ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)
}

/** What is known of a scan, in figures; a slow one was counted by its contacts before it was told. */
export const figuresOf = (source: ScanSource, scan: RunningScan) => {
  const contacts = walkHeight(source)
  const hosts = Math.max(scan.hosts.estimate(), contacts)
  const walked = source.walks?.ports.height ?? 0
  const ports = Math.max(scan.ports.estimate(), hosts === 1 ? walked : 0)
  const targets = Math.max(scan.targets.estimate(), hosts, ports, walked)
  return { hosts, ports, targets, shape: shapeOf(hosts, ports) }
}

/** Failing first contacts with hosts in excess of successful ones. */
export const walkHeight = ({ walks }: ScanSource): number => walks?.hosts.height ?? 0

/** True where there is a walk to go on with when the client comes back. */
export const isWalking = ({ walks }: ScanSource): boolean =>
  walks !== undefined && walks.hosts.height + walks.ports.height > 0

/** The scan is over: the next one is told again, from its own beginning. */
export const endScan = (source: ScanSource): void => {
  source.running = undefined
  source.walks = undefined
  source.partners = undefined
}
