import type { ConnRecord } from '#core/event/zeek-record.ts'
import { createDistinctCounter, type DistinctCounter } from '#lib/sketch/distinct-counter.ts'
import { hashText, mixHash } from '#lib/sketch/hash.ts'
import { age, newWalk, step, type Walk } from './contact-walk.ts'
import { HIGHEST_NAMED_PORT, isSwarm, SWARM_PARTNERS } from './swarm.ts'

/** What a connection says about its client: it found nothing, it hardly said anything, or it was a conversation. */
export type Attempt = 'failed' | 'tiny' | 'conversation' | 'answered'

/** Payload up to which an answered connection may be a probe: a banner, a refusal, a redirect. */
const TINY_BYTES = 2048
const FAILED_STATES = new Set(['S0', 'REJ', 'RSTOS0'])
/** An open port that is left at once: how a half-open scan looks where somebody answers. */
const HALF_OPEN = new Set(['ShR', 'ShAR'])
/** Windows asks every neighbour for updates there, and most are not at home. */
const DELIVERY_OPTIMIZATION = 7680
/** ICMP echo request; Zeek shows the ICMP type as the client's port. */
const ECHO = 8

/** What a probe without a handshake leaves behind: FIN, ACK or nothing at all, and at most a refusal. */
const BARE = /^(?:[FA]r?|[Rr])$/

/**
 * A FIN, NULL, Xmas or ACK scan. The last packets of a conversation whose beginning was not seen look the same, but
 * come from the port of a service to one that a client chose.
 */
const isBareProbe = ({ state, history, clientPort, serverPort, clientBytes, serverBytes }: ConnRecord): boolean =>
  (history === undefined ? state === 'OTH' : BARE.test(history)) &&
  clientPort > LAST_SERVICE_PORT &&
  serverPort <= LAST_SERVICE_PORT &&
  clientBytes + serverBytes === 0
const LAST_SERVICE_PORT = 10_000

/** Judges one connection; undefined where the protocol gives no answer to tell by. */
export const attemptOf = (conn: ConnRecord): Attempt | undefined => {
  const { proto, state, history, serverPort } = conn
  if (proto === 'tcp') {
    if ((state === 'OTH' || state === 'RSTRH' || state === 'SH') && isBareProbe(conn)) return 'failed'
    // With a history the first packets decide: only SYN, or SYN and a refusal.
    const failed = history === undefined ? FAILED_STATES.has(state ?? '') : /^S(?:W|r|Wr)?$/.test(history)
    if (failed && serverPort === DELIVERY_OPTIMIZATION) return undefined
    if (failed || HALF_OPEN.has(history ?? '') || state === 'RSTOS0') return 'failed'
    return conn.clientBytes <= TINY_BYTES && conn.serverBytes <= TINY_BYTES ? 'tiny' : 'conversation'
  }
  if (proto === 'udp') return state === 'S0' ? 'failed' : undefined
  if (proto !== 'icmp' || conn.clientPort !== ECHO || conn.serverPackets === undefined) return undefined
  return conn.serverPackets === 0 ? 'failed' : 'answered'
}

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

/** What is remembered of one client. */
export interface ScanSource {
  readonly ip: string
  /** By hash of protocol, host and port. */
  readonly probes: Map<number, Probe>
  /** Over first contacts with hosts, and with their ports; from the first failure on, which most clients never have. */
  walks: { readonly hosts: Walk; readonly ports: Walk } | undefined
  /** Partners of conversations on high ports, by hash, a few. */
  partners: Set<number> | undefined
  lastMs: number
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
  running: undefined,
})

const targetHash = (host: number, port: number): number => mixHash(host ^ Math.imul(port + 1, 0x9e3779b1))

const counts = <Value>(values: Iterable<Value>): Map<Value, number> => {
  const found = new Map<Value, number>()
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1)
  return found
}

const largest = (found: ReadonlyMap<unknown, number>): number => {
  let most = 0
  for (const count of found.values()) if (count > most) most = count
  return most
}

export const prune = (source: ScanSource, nowMs: number): void => {
  for (const [key, probe] of source.probes)
    if (nowMs - probe.timeMs > (probe.failed ? WINDOW_MS : BURST_MS)) source.probes.delete(key)
}

const shapeOf = (hosts: number, ports: number): Shape =>
  ports > 1 && hosts <= 5 && ports > hosts ? 'vertical' : ports <= 5 ? 'horizontal' : 'mixed'

const failedScan = (source: ScanSource, limits: ScanLimits): Scan | undefined => {
  const failed = [...source.probes.values()].filter((probe) => probe.failed)
  const pings = [...source.probes.values()].filter(({ proto }) => proto === 'icmp')
  const inVain = pings.filter((probe) => probe.failed).length >= pings.length * PINGS_FAILED
  const tcp = failed.filter(({ proto }) => proto === 'tcp' || (proto === 'icmp' && inVain))
  const counter = 'failed targets'
  if (largest(counts(tcp.map(({ ip }) => ip))) >= limits.ports) return { shape: 'vertical', counter }
  if (largest(counts(tcp.map(({ port }) => port))) >= limits.hosts) return { shape: 'horizontal', counter }
  if (tcp.length >= limits.targets && !isSwarm(source.partners, source.probes.values()))
    return { shape: 'mixed', counter }
  const udp = failed.filter(({ proto }) => proto === 'udp')
  if (largest(counts(udp.map(({ ip }) => ip))) >= UDP_PORTS) return { shape: 'vertical', counter }
  const services = udp.filter(({ port }) => !UDP_ASKED_BY_ALL.has(port) && (port < 1024 || UDP_SERVICES.has(port)))
  return largest(counts(services.map(({ port }) => port))) >= limits.udpHosts
    ? { shape: 'horizontal', counter }
    : undefined
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
  if (failed) source.walks ??= { hosts: newWalk(timeMs), ports: newWalk(timeMs) }
  const { walks } = source
  if (walks && (proto === 'tcp' || (limits.outside && isUdpProbe(conn)))) {
    age(walks.hosts, timeMs)
    age(walks.ports, timeMs)
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
  const known = source.probes.get(key)
  if (known) {
    if (timeMs > known.timeMs) known.timeMs = timeMs
    if (known.failed || !failed) return undefined
    known.failed = true
  } else {
    if (source.probes.size >= MOST_PROBES) source.probes.delete(source.probes.keys().next().value!)
    source.probes.set(key, { ip, port, proto, failed, timeMs })
  }
  // Every counter needs failures: only those are worth counting again.
  if (!failed) return undefined
  const slow = slowScan(source, limits)
  if (!slow && source.probes.size < Math.min(limits.ports, limits.burst * MIXED_BURST)) return undefined
  prune(source, source.lastMs)
  const scan = failedScan(source, limits) ?? burstScan(source, port, source.lastMs, limits) ?? slow
  if (scan && !source.running) begin(source, scan)
  return scan
}

/** A walk is older than what is remembered one by one. */
const beganMs = ({ walks }: ScanSource, { counter }: Scan): number =>
  walks && counter.startsWith('failing') ? walks.ports.sinceMs : Number.POSITIVE_INFINITY

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
