import type { ConnRecord } from '#core/event/zeek-record.ts'
import { createRecentMap } from '#lib/sketch/recent-map.ts'
import { FEATURE_COUNT } from './flow-features.ts'
import { OUTCOME, PORT } from './flow-shape.ts'

/** What a suspicion is about; one is told per host, kind and episode. */
export type FlowKind = 'scan' | 'flood' | 'guessing' | 'control'

/** One connection as it stands in an event: enough to find it in the log. */
interface FlowSample {
  readonly uid: string | undefined
  readonly timeMs: number
  readonly serverIp: string
  readonly serverPort: number
  readonly proto: string
  readonly state: string | undefined
  readonly confidence: number
}

export interface Suspect {
  readonly ip: string
  readonly kind: FlowKind
  /** Suspicious connections, fading over an hour. */
  weight: number
  count: number
  confidence: number
  firstMs: number
  lastMs: number
  readonly samples: FlowSample[]
  /** Features of some of the connections, one row behind the other. */
  readonly rows: Float32Array[]
  /** The most suspicious connection: its reasons are told. */
  best: number
  bestRow: Float32Array
  bestConn: ConnRecord
}

const MOST_SUSPECTS = 8192
const MOST_SAMPLES = 10
const FADES_IN_MS = 3_600_000
const NEWEST = 0.1

const MANY_PEERS = Math.log1p(12)
const MANY_AT_ONE = Math.log1p(90)
const MANY_PORTS = 8
const SEVERAL = Math.log1p(2)

/** What kind of thing a suspicious connection belongs to, by what is around it. */
export const kindOf = (row: Float32Array): FlowKind => {
  if (row[19]! >= MANY_PORTS) return 'scan'
  if (row[14]! >= MANY_PEERS || row[16]! >= MANY_PEERS)
    return row[17]! < 0.3 && row[8] === OUTCOME.midstream ? 'flood' : 'scan'
  if (row[8] === OUTCOME.midstream) return 'flood'
  if (row[18]! >= MANY_AT_ONE) return 'flood'
  if (row[10] === PORT.login && (row[8] === OUTCOME.answered || row[8] === OUTCOME.reset)) return 'guessing'
  // Who was called several times already is somebody whom it knows; strangers are tried.
  return row[21]! >= 0 || row[18]! >= SEVERAL ? 'control' : 'scan'
}

/** Gathers what is suspicious by host and kind, until it is enough to tell. */
export const createSuspects = () => {
  const suspects = createRecentMap<string, Suspect>(MOST_SUSPECTS)
  return {
    add: (conn: ConnRecord, row: Float32Array, confidence: number): Suspect => {
      const kind = kindOf(row)
      const key = `${kind} ${conn.clientIp}`
      const { timeMs } = conn
      let found = suspects.touch(key)
      if (!found) {
        found = {
          ip: conn.clientIp,
          kind,
          weight: 0,
          count: 0,
          confidence,
          firstMs: timeMs,
          lastMs: timeMs,
          samples: [],
          rows: [],
          best: -1,
          bestRow: new Float32Array(FEATURE_COUNT),
          bestConn: conn,
        }
        suspects.set(key, found)
      }
      const passed = Math.max(0, timeMs - found.lastMs)
      // A long silence ends the episode: what is told of the next one began then.
      if (passed > FADES_IN_MS * 4) {
        found.firstMs = timeMs
        found.count = 0
        found.samples.length = 0
        found.rows.length = 0
        found.best = -1
      }
      found.weight = found.weight * Math.exp(-passed / FADES_IN_MS) + 1
      found.count++
      found.confidence += (confidence - found.confidence) * Math.max(NEWEST, 1 / found.count)
      found.lastMs = Math.max(found.lastMs, timeMs)
      if (found.samples.length < MOST_SAMPLES) {
        const { uid, serverIp, serverPort, proto, state } = conn
        found.samples.push({ uid, timeMs, serverIp, serverPort, proto, state, confidence })
        found.rows.push(row.slice())
      }
      if (confidence > found.best) {
        found.best = confidence
        found.bestRow.set(row)
        found.bestConn = conn
      }
      return found
    },
    get tracked() {
      return suspects.size
    },
    forgotten: suspects.forgotten,
  }
}
