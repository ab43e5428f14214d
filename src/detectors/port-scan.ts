import { defineDetector, NO_EVENTS } from '#core/detector.ts'
import { detectionEvent, rounded } from '#core/event/detection.ts'
import { type Severity, severityRank } from '#core/event/severity.ts'
import type { ConnRecord } from '#core/event/zeek-record.ts'
import { Type } from '#lib/schema.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import { createEpisodes } from './episodes.ts'
import { createIsIgnored, createIsLocal, ignoreField, localField } from './networks.ts'
import {
  addAttempt,
  createSource,
  endScan,
  figuresOf,
  isWalking,
  prune,
  type Scan,
  type ScanSource,
  WINDOW_MS,
  walkHeight,
} from './port-scan-source.ts'
import { attemptOf } from './scan-attempt.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** What hardly said anything counts for a minute. */
const TINY_MS = 60_000
/** Silence after which the same scanner is news again. */
const EPISODE_MS = 12 * HOUR_MS
/** A flood from invented addresses must not fill the memory. */
const MOST_SOURCES = 100_000

/** By what was scanned and how fast: as the older service documents it, which counts ports; here hosts count as well. */
const scanSeverity = (targets: number, perSecond: number): Severity => {
  if (targets >= 100 || perSecond >= 10) return 'CRITICAL'
  if (targets >= 50 || perSecond >= 5) return 'HIGH'
  return targets >= 25 ? 'MEDIUM' : 'LOW'
}

const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** An echo request has no port. */
const reasonOf = (ip: string, pinged: boolean, hosts: number, ports: number): string =>
  pinged
    ? `${ip} pinged ${countOf(hosts, 'host')}, of which hardly any answered`
    : `${ip} scanned ${countOf(ports, 'port')} of ${countOf(hosts, 'host')}`

const SLOW_TARGETS = 100
const isSlow = ({ counter }: Scan, targets: number): boolean =>
  counter === 'failing first contacts from outside' && targets < SLOW_TARGETS

const HIGH = severityRank('HIGH')
/** Programs of ours look for printers and devices that are off, all at once. */
const UDP_HOSTS = 30
const LOCAL_UDP_HOSTS = 60

/**
 * Port scans, by three counters, because each sees what the others miss: distinct failed targets within 15 minutes, random
 * walks over first contacts with hosts and with ports for slow scans, and many hosts on one port within a minute for scans
 * that mostly find somebody.
 */
export const portScan = defineDetector<ConnRecord>()({
  name: 'port_scan',
  title: 'Port scan',
  'x-es': { title: 'Escaneo de puertos' },
  kinds: ['zeek/conn'],
  options: Type.Object(
    {
      ports: Type.Optional(
        Type.Integer({
          minimum: 2,
          default: 15,
          title: 'Failed ports of one host',
          'x-es': { title: 'Puertos fallidos de un equipo' },
        }),
      ),
      hosts: Type.Optional(
        Type.Integer({
          minimum: 2,
          default: 25,
          title: 'Failed hosts of one port',
          'x-es': { title: 'Equipos fallidos de un puerto' },
        }),
      ),
      targets: Type.Optional(
        Type.Integer({
          minimum: 2,
          default: 25,
          title: 'Failed targets of an outside address',
          'x-es': { title: 'Destinos fallidos de una dirección externa' },
        }),
      ),
      local_targets: Type.Optional(
        Type.Integer({
          minimum: 2,
          default: 50,
          title: 'Failed targets of an own address',
          'x-es': { title: 'Destinos fallidos de una dirección propia' },
        }),
      ),
      contacts: Type.Optional(
        Type.Integer({
          minimum: 4,
          default: 20,
          title: 'Failing first contacts in excess',
          'x-es': { title: 'Primeros contactos fallidos de más' },
        }),
      ),
      burst: Type.Optional(
        Type.Integer({
          minimum: 5,
          default: 20,
          title: 'Hosts on one port within a minute',
          'x-es': { title: 'Equipos en un puerto en un minuto' },
        }),
      ),
      local_networks: localField,
      ignore: ignoreField,
    },
    { additionalProperties: false },
  ),
  create: (options) => {
    const isLocal = createIsLocal(options.local_networks)
    const isIgnored = createIsIgnored(options.ignore)
    const sources = createRecentMap<string, ScanSource>(MOST_SOURCES)
    const episodes = createEpisodes(EPISODE_MS)
    const announcedRank = createRecentMap<string, number>(MOST_SOURCES)
    const common = {
      ports: options.ports ?? 15,
      hosts: options.hosts ?? 25,
      contacts: options.contacts ?? 20,
      burst: options.burst ?? 20,
    }
    const remote = { ...common, targets: options.targets ?? 25, udpHosts: UDP_HOSTS, outside: true }
    const local = { ...common, targets: options.local_targets ?? 50, udpHosts: LOCAL_UDP_HOSTS, outside: false }

    const announce = (source: ScanSource, conn: ConnRecord, scan: Scan) => {
      const running = source.running!
      const { hosts, ports, targets, shape } = figuresOf(source, running)
      const pinged = running.protocols.size === 1 && running.protocols.has('icmp')
      const spanS = (source.lastMs - running.firstMs) / 1000
      const perSecond = targets / Math.max(spanS, 1)
      // What knocks slowly from outside is the weather of the internet until it has knocked a hundred times.
      const severity = isSlow(scan, targets) ? 'LOW' : scanSeverity(targets, perSecond)
      const rank = severityRank(severity)
      const wasOpen = episodes.isOpen(source.ip, source.lastMs)
      const worse = wasOpen && rank >= HIGH && rank > (announcedRank.get(source.ip) ?? -1)
      if (!episodes.announce(source.ip, source.lastMs, targets) && !worse) return NO_EVENTS
      announcedRank.set(source.ip, rank)
      return [
        detectionEvent({
          detectionType: 'port_scan',
          severity,
          ip: source.ip,
          at: Math.max(conn.endMs, source.lastMs),
          firstSeenMs: running.firstMs,
          lastSeenMs: source.lastMs,
          reason: reasonOf(source.ip, pinged, hosts, ports),
          fields: {
            dest_ip: hosts === 1 ? conn.serverIp : undefined,
            dest_port: ports === 1 && !pinged ? conn.serverPort : undefined,
            ports_count: pinged ? 0 : ports,
            hosts_count: hosts,
            protocol: conn.proto,
            scan: shape,
          },
          evidence: {
            counter: scan.counter,
            targets,
            targets_per_second: rounded(perSecond, 2),
            span_s: rounded(spanS, 1),
            walk: walkHeight(source),
            ports: pinged ? [] : [...running.lowestPorts].sort((a, b) => a - b),
            samples: running.samples,
          },
        }),
      ]
    }

    return {
      observe: (conn) => {
        const attempt = attemptOf(conn)
        if (attempt === undefined || isIgnored(conn.clientIp) || isIgnored(conn.serverIp)) return NO_EVENTS
        let source = sources.get(conn.clientIp)
        if (!source) {
          if (attempt === 'conversation') return NO_EVENTS
          source = createSource(conn.clientIp)
          sources.set(conn.clientIp, source)
        }
        const ours = conn.clientLocal === true || isLocal(conn.clientIp)
        const scan = addAttempt(source, conn, attempt, ours ? local : remote)
        return scan ? announce(source, conn, scan) : NO_EVENTS
      },
      tick: (nowMs) => {
        for (const [ip, source] of sources.entries()) {
          const silent = nowMs - source.lastMs
          if (source.running && silent > HOUR_MS) endScan(source)
          // Whoever goes on looks after it himself.
          if (silent > TINY_MS && (silent < 4 * TINY_MS || silent > WINDOW_MS)) prune(source, nowMs)
          // A walk is remembered for a day: whoever scans slowly is silent for long.
          if (silent > (isWalking(source) ? DAY_MS : WINDOW_MS)) sources.delete(ip)
        }
        return NO_EVENTS
      },
      stats: () => ({ tracked: sources.size, forgotten: sources.forgotten() }),
    }
  },
})
