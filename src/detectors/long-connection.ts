import { defineDetector, NO_EVENTS } from '#core/detector.ts'
import { detectionEvent, rounded } from '#core/event/detection.ts'
import type { Severity } from '#core/event/severity.ts'
import type { ConnRecord, DnsRecord, HttpRecord, SslRecord } from '#core/event/zeek-record.ts'
import { Type } from '#lib/schema.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import { createEpisodes } from './episodes.ts'
import { ROUTINE_SERVICES } from './known-services.ts'
import { createNameSet } from './name-set.ts'
import { createIsIgnored, createIsLocal, ignoreField, localField } from './networks.ts'
import { createServerNames } from './server-names.ts'

const DAY_MS = 86_400_000
/** Shorter connections are not what this is about, and are by far the most. */
const LEAST_MS = 60_000
const MOST_PAIRS = 50_000

/** Hours that a pair was connected within a day. Ordinary pages and applications stay for most of a working day. */
/**
 * Ports of services that keep their connections open by nature, over TLS: pages that listen, mail that waits, messages that
 * are pushed to phones and things. Connected there all day is everybody.
 */
const KEPT_OPEN = new Set([443, 993, 5222, 5223, 5228, 5229, 5230, 8883])
/** More sent than that, and more than twice what came back, is no waiting. */
const MUCH_SENT = 100_000_000

/** TLS where it belongs; where the beginning was not seen nobody can tell. */
const isWaiting = ({ serverPort, service, history, clientBytes, serverBytes }: ConnRecord): boolean =>
  KEPT_OPEN.has(serverPort) &&
  (service?.includes('ssl') === true || !history?.startsWith('S')) &&
  (clientBytes < MUCH_SENT || clientBytes < 2 * serverBytes)

const BANDS: readonly (readonly [number, Severity])[] = [
  [20, 'HIGH'],
  [12, 'MEDIUM'],
  [8, 'LOW'],
]

interface Pair {
  startMs: number
  /** The latest stretch of time in which at least one connection was open. */
  fromMs: number
  toMs: number
  /** What was before it; most pairs have nothing. */
  earlier: Earlier | undefined
  connections: number
}

interface Earlier {
  /** Stretches in order and apart from one another. */
  spans: Span[]
  /** Of those that are no longer kept one by one: how long they were, and until when. */
  closedMs: number
  closedToMs: number
}

type Span = readonly [fromMs: number, toMs: number]

/** Of more, the first are closed: what is told later and began before their end counts from there. */
const MOST_SPANS = 32

/** Adds a stretch to others, joined with those that it touches: what is open at once is not counted twice. */
const withSpan = (spans: readonly Span[], [from, to]: Span): Span[] => {
  const before = spans.filter(([, end]) => end < from)
  const behind = spans.filter(([start]) => start > to)
  const touched = spans.slice(before.length, spans.length - behind.length)
  const joined: Span = [Math.min(from, touched[0]?.[0] ?? from), Math.max(to, touched.at(-1)?.[1] ?? to)]
  return [...before, joined, ...behind]
}

const addTime = (pair: Pair, fromMs: number, toMs: number): void => {
  if (pair.earlier === undefined && fromMs <= pair.toMs && toMs >= pair.fromMs) {
    pair.fromMs = Math.min(pair.fromMs, fromMs)
    pair.toMs = Math.max(pair.toMs, toMs)
    return
  }
  const earlier = pair.earlier ?? { spans: [], closedMs: 0, closedToMs: 0 }
  pair.earlier = earlier
  if (toMs <= earlier.closedToMs) return
  const all = withSpan([...earlier.spans, [pair.fromMs, pair.toMs]], [Math.max(fromMs, earlier.closedToMs), toMs])
  const [from, to] = all.pop()!
  pair.fromMs = from
  pair.toMs = to
  earlier.spans = all
  if (all.length < MOST_SPANS) return
  const [first, end] = all.shift()!
  earlier.closedMs += end - first
  earlier.closedToMs = end
}

const coveredMs = ({ earlier, fromMs, toMs }: Pair): number =>
  (earlier?.spans ?? []).reduce((sum, [from, to]) => sum + to - from, (earlier?.closedMs ?? 0) + toMs - fromMs)

const newPair = ({ timeMs, endMs }: ConnRecord): Pair => ({
  startMs: timeMs,
  fromMs: timeMs,
  toMs: endMs,
  earlier: undefined,
  connections: 0,
})

/** Two machines that stay connected for hours, outwards, to a server that is not a known service. */
export const longConnection = defineDetector<ConnRecord | SslRecord | HttpRecord | DnsRecord>()({
  name: 'long_connection',
  title: 'Long connection',
  'x-es': { title: 'Conexión larga' },
  kinds: ['zeek/conn', 'zeek/ssl', 'zeek/http', 'zeek/dns'],
  repeats: true,
  options: Type.Object(
    {
      allow: Type.Optional(
        Type.Array(Type.String(), {
          title: 'Allowed names',
          description: 'Names, and all below, that may stay connected',
          'x-es': {
            title: 'Nombres permitidos',
            description: 'Nombres, con todo lo que está debajo, que pueden seguir conectados',
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
    const pairs = createRecentMap<string, Pair>(MOST_PAIRS)
    const episodes = createEpisodes(DAY_MS)

    return {
      observe: (record) => {
        if (record.kind !== 'conn') {
          names.learn(record)
          return NO_EVENTS
        }
        const { durationMs, clientIp, serverIp, serverPort, proto } = record
        if (durationMs < LEAST_MS || proto === 'icmp' || isIgnored(clientIp) || isIgnored(serverIp)) return NO_EVENTS
        if (record.serverLocal === true || isLocal(serverIp)) return NO_EVENTS
        const name = names.of(record)?.name
        if (name !== undefined && isRoutine(name)) return NO_EVENTS
        const key = `${clientIp}|${serverIp}|${serverPort}`
        const known = pairs.touch(key)
        const running = known !== undefined && record.endMs - known.startMs < DAY_MS
        const pair: Pair = running ? known : newPair(record)
        if (!running) pairs.set(key, pair)
        pair.startMs = Math.min(pair.startMs, record.timeMs)
        // A connection that is told while it is open comes again, longer.
        if (pair.connections === 0 || record.timeMs !== pair.fromMs) pair.connections++
        addTime(pair, record.timeMs, record.endMs)
        const totalMs = coveredMs(pair)
        const hours = totalMs / 3_600_000
        const band = BANDS.find(([least]) => hours >= least)
        if (!band) return NO_EVENTS
        const waits =
          isWaiting(record) && !names.isUnproven(serverIp) && (name === undefined || !names.isBorrowed(name, serverIp))
        if (!episodes.announce(waits ? `${key}|waits` : key, record.endMs, hours)) return NO_EVENTS
        return [
          detectionEvent({
            detectionType: 'long_connection',
            severity: waits ? 'LOW' : band[1],
            weak: waits,
            ip: clientIp,
            at: record.endMs,
            firstSeenMs: pair.startMs,
            lastSeenMs: record.endMs,
            reason: `${clientIp} was connected to ${name ?? serverIp} for ${rounded(hours, 1)} hours`,
            fields: { dest_ip: serverIp, dest_port: serverPort, domain: name, server_name: name, protocol: proto },
            evidence: {
              total_s: Math.round(totalMs / 1000),
              connections: pair.connections,
              longest_s: Math.round(durationMs / 1000),
              bytes_sent: record.clientBytes,
              bytes_received: record.serverBytes,
            },
          }),
        ]
      },
      stats: () => ({ tracked: pairs.size + names.tracked, forgotten: pairs.forgotten() + names.forgotten() }),
    }
  },
})
