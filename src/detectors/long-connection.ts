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
const BANDS: readonly (readonly [number, Severity])[] = [
  [20, 'HIGH'],
  [12, 'MEDIUM'],
  [8, 'LOW'],
]

interface Pair {
  startMs: number
  totalMs: number
  connections: number
}

/** Two machines that stay connected for hours, outwards, to a server that is not a known service. */
export const longConnection = defineDetector<ConnRecord | SslRecord | HttpRecord | DnsRecord>()({
  name: 'long_connection',
  title: 'Long connection',
  'x-es': { title: 'Conexión larga' },
  kinds: ['zeek/conn', 'zeek/ssl', 'zeek/http', 'zeek/dns'],
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
        const pair = running ? known : { startMs: record.timeMs, totalMs: 0, connections: 0 }
        if (!running) pairs.set(key, pair)
        pair.totalMs += durationMs
        pair.connections++
        const hours = pair.totalMs / 3_600_000
        const band = BANDS.find(([least]) => hours >= least)
        if (!band || !episodes.announce(key, record.endMs, hours)) return NO_EVENTS
        return [
          detectionEvent({
            detectionType: 'long_connection',
            severity: band[1],
            ip: clientIp,
            at: record.endMs,
            firstSeenMs: pair.startMs,
            lastSeenMs: record.endMs,
            reason: `${clientIp} was connected to ${name ?? serverIp} for ${rounded(hours, 1)} hours`,
            fields: { dest_ip: serverIp, dest_port: serverPort, domain: name, server_name: name, protocol: proto },
            evidence: {
              total_s: Math.round(pair.totalMs / 1000),
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
