import { defineDetector, NO_EVENTS } from '#core/detector.ts'
import { detectionEvent } from '#core/event/detection.ts'
import type { ConnRecord } from '#core/event/zeek-record.ts'
import { Type } from '#lib/schema.ts'
import { createFrequentCounter } from '#lib/sketch/frequent-counter.ts'
import { hashText } from '#lib/sketch/hash.ts'
import { createEpisodes } from './episodes.ts'
import { createIsIgnored, createIsLocal, ignoreField, localField } from './networks.ts'

const DAY_MS = 86_400_000

/** One machine that calls another once a second all day, or more: too often for a rhythm, and for anything ordinary. */
export const strobe = defineDetector<ConnRecord>()({
  name: 'strobe',
  title: 'Strobe',
  'x-es': { title: 'Conexiones incesantes' },
  kinds: ['zeek/conn'],
  options: Type.Object(
    {
      connections: Type.Optional(
        Type.Integer({
          minimum: 1000,
          default: 86_400,
          title: 'Connections a day',
          description: 'From how many on',
          'x-es': { title: 'Conexiones por día', description: 'Desde cuántas' },
        }),
      ),
      local_networks: localField,
      ignore: ignoreField,
    },
    { additionalProperties: false },
  ),
  create: (options) => {
    const least = options.connections ?? 86_400
    const isLocal = createIsLocal(options.local_networks)
    const isIgnored = createIsIgnored(options.ignore)
    const counter = createFrequentCounter()
    const episodes = createEpisodes(DAY_MS)
    let dayStartMs = 0
    return {
      observe: (conn) => {
        const { clientIp, serverIp, serverPort, proto, timeMs, endMs } = conn
        if (endMs - dayStartMs >= DAY_MS) {
          counter.clear()
          dayStartMs = endMs
        }
        if (proto === 'icmp' || conn.serverLocal === true || isLocal(serverIp)) return NO_EVENTS
        const count = counter.add(hashText(serverIp, hashText(clientIp, serverPort)))
        if (count < least || isIgnored(clientIp) || isIgnored(serverIp)) return NO_EVENTS
        const key = `${clientIp}|${serverIp}|${serverPort}`
        if (!episodes.announce(key, timeMs, count)) return NO_EVENTS
        return [
          detectionEvent({
            detectionType: 'strobe',
            severity: 'HIGH',
            ip: clientIp,
            at: endMs,
            firstSeenMs: dayStartMs,
            lastSeenMs: timeMs,
            reason: `${clientIp} called ${serverIp} ${count.toLocaleString('en')} times within a day`,
            fields: { dest_ip: serverIp, dest_port: serverPort, protocol: proto, connection_count: count },
            evidence: { connections: count, window_s: Math.round((endMs - dayStartMs) / 1000) },
          }),
        ]
      },
      stats: () => ({ tracked: episodes.tracked, forgotten: episodes.forgotten() }),
    }
  },
})
