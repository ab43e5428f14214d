import { defineDetector, NO_EVENTS } from '#core/detector.ts'
import { detectionEvent, rounded } from '#core/event/detection.ts'
import type { Severity } from '#core/event/severity.ts'
import type { ConnRecord, DnsRecord, HttpRecord, SslRecord } from '#core/event/zeek-record.ts'
import { Type } from '#lib/schema.ts'
import { hashText, mixHash } from '#lib/sketch/hash.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import { createSightingTable } from '#lib/sketch/sighting-table.ts'
import { addSample, type BeaconSeries, createSeries, MOST_DOMAINS, samplesSince } from './beacon-series.ts'
import { judgeBeacon, type Verdict } from './beacon-verdict.ts'
import { createEpisodes } from './episodes.ts'
import { ROUTINE_SERVICES } from './known-services.ts'
import { createNameSet } from './name-set.ts'
import { createIsIgnored, createIsLocal, ignoreField, isNear, isSameSite, localField } from './networks.ts'
import { splitName } from './registered-domain.ts'
import { isKnownResolver, isRegularService } from './regular-services.ts'
import { isSameProgram, type Told } from './same-program.ts'
import { createServerNames, type ServerName } from './server-names.ts'

const DAY_S = 86_400
const HOUR_S = 3600
const MOST_SERIES = 60_000
/** Samples of all series together, 8 bytes each. */
const MOST_SAMPLES = 6_000_000
/** Each look at a series costs sorting it: looks come when it has grown by a quarter. */
const GROWTH = 1.25
const LEAST_LOOK = 20

const MOST_TOLD_CLIENTS = 5000
const MOST_TOLD = 8

const NOTHING_EARLIER = { times: [], sizes: [] }
/** A name is followed whatever the port. */
const ANY_PORT = 0

type Observed = ConnRecord | DnsRecord | SslRecord | HttpRecord

/**
 * From outside it is as often somebody's monitoring as a machine that reports to one taken over. Within, most is work of
 * our own; and minutes of a rhythm to a server with a name are a page that reconnects as often as anything worse.
 */
const severityOf = ({ inbound, inside, name }: BeaconSeries, { test, dead }: Verdict): Severity => {
  if (inbound || inside || (name !== undefined && test === 'burst')) return 'MEDIUM'
  return dead ? 'HIGH' : 'CRITICAL'
}

/** A program that calls home at regular intervals: one client, one server, a rhythm. */
export const beaconing = defineDetector<Observed>()({
  name: 'beaconing',
  title: 'Beaconing',
  'x-es': { title: 'Balizas (beaconing)' },
  kinds: ['zeek/conn', 'zeek/ssl', 'zeek/http', 'zeek/dns'],
  options: Type.Object(
    {
      threshold: Type.Optional(
        Type.Number({
          minimum: 0.3,
          maximum: 1,
          default: 0.75,
          title: 'Score',
          description: 'Score from which it counts',
          'x-es': { title: 'Puntaje', description: 'Puntaje desde el que cuenta' },
        }),
      ),
      allow: Type.Optional(
        Type.Array(Type.String(), {
          title: 'Allowed names',
          description: 'Names, and all below them, that machines here may call regularly',
          'x-es': {
            title: 'Nombres permitidos',
            description:
              'Nombres, con todo lo que está debajo, a los que los equipos de aquí pueden llamar regularmente',
          },
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
    const isRoutine = createNameSet([...ROUTINE_SERVICES, ...(options.allow ?? [])])
    const names = createServerNames()
    const sightings = createSightingTable()
    let samples = 0
    let lastTag = 0
    const series = createRecentMap<number, BeaconSeries>(MOST_SERIES, (_, dropped) => {
      samples -= dropped.times.length
    })
    /** Clients of each server, for its prevalence. */
    const clients = createRecentMap<string, Set<string>>(MOST_SERIES)
    const localClients = new Set<string>()
    const episodes = createEpisodes(DAY_S * 1000)
    /** What was told as less than it may come to. */
    const mild = createRecentMap<string, true>(MOST_SERIES)
    /** By client: what was told of it, the first few. */
    const toldOf = createRecentMap<string, Told[]>(MOST_TOLD_CLIENTS)
    let startS = 0
    let nowS = 0
    let nextTidyS = 0

    const prevalence = (server: string): number | undefined =>
      localClients.size < 20 ? undefined : (clients.get(server)?.size ?? 0) / localClients.size

    /**
     * Machines of ours poll one another all day, over as many networks as there are. What is odd among them is TLS to
     * where no name was asked for, to a certificate that proves nothing or that nobody saw.
     */
    const isOddWithin = (conn: ConnRecord, name: ServerName | undefined): boolean =>
      name === undefined &&
      !isNear(conn.clientIp, conn.serverIp) &&
      (names.isUnproven(conn.serverIp) || (conn.service?.includes('ssl') === true && !names.seesTls))

    const sample = (pair: BeaconSeries, second: number, size: number) => {
      const before = pair.times.length
      addSample(pair, second, size, samples < MOST_SAMPLES)
      samples += pair.times.length - before
    }

    /** The series of a client and a target (address or name) once it was seen often enough; undefined before. */
    const seriesOf = (
      target: string,
      port: number,
      conn: ConnRecord,
      second: number,
      own: boolean,
    ): BeaconSeries | undefined => {
      const client = hashText(conn.clientIp, port)
      const server = hashText(target)
      const seen = sightings.see(mixHash(server ^ client), mixHash(server + 3 * client), second, conn.clientIpBytes)
      if (seen === undefined) {
        if (own && sightings.isFirst && localClients.size < 65_536) localClients.add(conn.clientIp)
        return undefined
      }
      const known = seen === 'promoted' ? series.get(sightings.tag) : undefined
      if (known) {
        // Who goes on is among the most recent all the same.
        if ((known.total & 7) === 0) series.touch(sightings.tag)
        return known
      }
      const earlier = seen === 'promoted' ? NOTHING_EARLIER : seen
      const fresh = createSeries(conn.clientIp, conn.serverIp, conn.serverPort, (earlier.times[0] ?? second) * 1000)
      samples += fresh.times.length
      for (const [index, time] of earlier.times.entries()) sample(fresh, time, earlier.sizes[index]!)
      fresh.nextLook = LEAST_LOOK
      sightings.attach(++lastTag)
      series.set(lastTag, fresh)
      const others = clients.get(conn.serverIp) ?? new Set()
      if (others.size < 1000) clients.set(conn.serverIp, others.add(conn.clientIp))
      return fresh
    }

    const tell = (pair: BeaconSeries, verdict: Verdict) => {
      const { inbound, server } = pair
      const named = pair.name !== undefined && pair.domains.size === 1
      // A page that calls home by several hosts of one domain is one matter.
      const matter = named && !inbound ? splitName(pair.name!).domain : ''
      const place = pair.server.includes(':') ? `[${pair.server}]:${pair.port}` : `${pair.server}:${pair.port}`
      const target = named ? pair.name! : place
      const severity = severityOf(pair, verdict)
      const own = `${pair.client}|${matter || target}`
      const told = toldOf.get(pair.client) ?? []
      const { medianInterval } = verdict.score
      const before = inbound ? undefined : told.find((one) => isSameProgram(one, pair, medianInterval))
      const key = before !== undefined && episodes.isOpen(before.key, pair.lastMs) ? before.key : own
      const worse = severity === 'CRITICAL' && episodes.isOpen(key, pair.lastMs) && mild.get(key) === true
      if (!episodes.announce(key, pair.lastMs) && !worse) return NO_EVENTS
      if (key === own && told.length < MOST_TOLD && !told.some((one) => one.key === own))
        toldOf.set(pair.client, [...told, { pair, interval: medianInterval, key }])
      if (severity === 'CRITICAL') mild.delete(key)
      else mild.set(key, true)
      const { score } = verdict
      return [
        detectionEvent({
          detectionType: 'beaconing',
          severity,
          ip: pair.client,
          at: pair.lastMs,
          firstSeenMs: pair.firstMs,
          lastSeenMs: pair.lastMs,
          reason: `${pair.client} calls ${target} every ${rounded(score.medianInterval, 1)} s (${verdict.connections} times)`,
          fields: {
            dest_ip: server,
            dest_port: pair.port,
            domain: pair.name,
            server_name: pair.name,
            connection_count: pair.total,
            connections: pair.total,
            regularity: rounded(score.intervals),
            mean_interval: rounded(verdict.meanInterval, 1),
            direction: inbound ? 'inbound' : 'outbound',
          },
          evidence: {
            score: rounded(verdict.total),
            intervals: rounded(score.intervals),
            sizes: rounded(score.sizes),
            duration: rounded(score.duration),
            histogram: rounded(score.histogram),
            test: verdict.test,
            adjustments: verdict.adjustments,
            median_interval_s: score.medianInterval,
            interval_deviation_s: score.deviation,
            failed: pair.failed,
            span_s: verdict.spanS,
            provisional: verdict.provisional,
          },
        }),
      ]
    }

    const look = (pair: BeaconSeries) => {
      pair.nextLook = Math.ceil(pair.total * GROWTH)
      if (isKnownResolver(pair.server, pair.port)) return NO_EVENTS
      if (pair.name !== undefined && isRoutine(pair.name) && !names.isBorrowed(pair.name, pair.server)) return NO_EVENTS
      const windowS = Math.min(DAY_S, Math.max(HOUR_S, nowS - startS))
      const endS = Math.max(nowS, Math.floor(pair.lastMs / 1000))
      const recent = samplesSince(pair, endS - windowS)
      const verdict = judgeBeacon(pair, recent, endS - windowS, endS, {
        threshold: options.threshold ?? 0.75,
        prevalence: prevalence(pair.server),
        nameless: !names.seesNames,
      })
      return verdict ? tell(pair, verdict) : NO_EVENTS
    }

    const follow = (
      target: string,
      port: number,
      conn: ConnRecord,
      name: ServerName | undefined,
      inbound: boolean,
      inside: boolean,
      own: boolean,
    ) => {
      const second = Math.floor(conn.timeMs / 1000)
      const pair = seriesOf(target, port, conn, second, own)
      if (!pair) return NO_EVENTS
      pair.inbound = inbound
      pair.inside = inside
      // What strangers call us says nothing about who they are.
      if (name && !inbound && pair.name !== name.name) {
        pair.name = name.name
        if (pair.domains.size < MOST_DOMAINS) pair.domains.add(splitName(name.name).domain)
      }
      if (conn.state === 'S0' || conn.state === 'REJ') pair.failed++
      pair.server = conn.serverIp
      pair.lastMs = Math.max(pair.lastMs, conn.timeMs)
      sample(pair, second, conn.clientIpBytes)
      return pair.total >= pair.nextLook ? look(pair) : NO_EVENTS
    }

    const observe = (conn: ConnRecord) => {
      const second = Math.floor(conn.timeMs / 1000)
      if (startS === 0) startS = second
      nowS = Math.max(nowS, Math.floor(conn.endMs / 1000))
      const { proto, state, clientIp, serverIp, serverPort } = conn
      // `OTH` is the middle of a connection whose beginning was not seen: nobody called anybody.
      if ((proto !== 'tcp' && proto !== 'udp') || state === 'OTH' || isRegularService(conn)) return NO_EVENTS
      if (isIgnored(clientIp) || isIgnored(serverIp)) return NO_EVENTS
      const name = names.of(conn)
      const clientLocal = conn.clientLocal === true || isLocal(clientIp)
      const serverLocal = conn.serverLocal === true || isLocal(serverIp)
      const inside = (clientLocal && serverLocal) || isSameSite(clientIp, serverIp)
      if (inside && name?.proxied !== true && !isOddWithin(conn, name)) return NO_EVENTS
      const inbound = serverLocal && !clientLocal
      const found = name?.proxied ? NO_EVENTS : follow(serverIp, serverPort, conn, name, inbound, inside, clientLocal)
      // Whoever moves from address to address keeps the name; behind a proxy there is nothing else.
      if (found.length > 0 || !name || inbound) return found
      return follow(name.name, ANY_PORT, conn, name, inbound, inside, clientLocal)
    }

    return {
      observe: (record) => {
        if (record.kind === 'conn') return observe(record)
        names.learn(record)
        return NO_EVENTS
      },
      tick: () => {
        if (nowS >= nextTidyS) {
          sightings.forgetBefore(nowS - DAY_S)
          nextTidyS = nowS + HOUR_S
        }
        return NO_EVENTS
      },
      flush: () => [...series.values()].flatMap((pair) => (pair.total >= LEAST_LOOK ? look(pair) : NO_EVENTS)),
      stats: () => ({
        tracked: sightings.size + series.size + names.tracked,
        forgotten: sightings.forgotten() + series.forgotten() + names.forgotten(),
      }),
    }
  },
})
