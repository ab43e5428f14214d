import { type Detection, NO_EVENTS, type Surroundings } from '#core/detector.ts'
import type { NewEvent } from '#core/event/event.ts'
import { ML_PREDICTION, predictionSeverity } from '#core/event/prediction.ts'
import { isTrusted } from '#core/event/site-verdicts.ts'
import type { ConnRecord } from '#core/event/zeek-record.ts'
import type { JsonObject } from '#lib/json.ts'
import { createEpisodes } from '../episodes.ts'
import { createIsIgnored } from '../networks.ts'
import { FEATURE_SET } from './flow-features.ts'
import { createFlowMemory } from './flow-memory.ts'
import type { FlowModel } from './flow-model.ts'
import { reasonsOf } from './flow-reasons.ts'
import { createSuspects, type Suspect } from './flow-suspects.ts'
import { createFlowWindows, featureRow } from './flow-windows.ts'
import { createScorer } from './forest.ts'
import { createNovelty } from './novelty.ts'

export interface FlowOptions {
  readonly confidence?: number
  readonly connections?: number
  readonly ignore?: readonly string[]
}

const DAY_MS = 86_400_000
/** From this confidence on a connection is suspicious. */
const SUSPICIOUS = 0.8
/** Suspicious connections within about an hour that are told. */
const ENOUGH = 12
/** Share of a host's connections to a port, or of all of them, that must be suspicious. */
const LEAST_SHARE = 0.5
const MOST_ROWS = 8

/** The score of a connection as it counts, and how sure that makes; the same for files and live. */
export const createFlowJudge = (model: Pick<FlowModel, 'forest' | 'confidence'>) => {
  const windows = createFlowWindows()
  const memory = createFlowMemory()
  const row = featureRow()
  const score = createScorer(model.forest)
  return {
    /** Features of what was judged last. */
    row,
    windows,
    judge: (conn: ConnRecord): number => {
      windows.look(conn, row)
      return model.confidence(memory.blend(windows.door, windows.newDoor, score(row)))
    },
  }
}

const packedRows = (rows: readonly Float32Array[]): string =>
  Buffer.concat(
    rows.slice(0, MOST_ROWS).map((row) => Buffer.from(row.buffer, row.byteOffset, row.byteLength)),
  ).toString('base64')

const rounded = (share: number): number => Math.floor(share * 1000) / 1000

const dataOf = (suspect: Suspect, model: FlowModel, novelty: number | null): JsonObject => {
  const confidence = rounded(suspect.confidence)
  const { bestConn } = suspect
  return {
    ip: suspect.ip,
    detector: 'flow-classifier',
    attack_type: suspect.kind,
    ml_confidence: confidence,
    confidence: Math.trunc(confidence * 100),
    dest_ip: bestConn.serverIp,
    dest_port: bestConn.serverPort,
    protocol: bestConn.proto,
    connection_count: suspect.count,
    first_seen: new Date(suspect.firstMs).toISOString(),
    last_seen: new Date(suspect.lastMs).toISOString(),
    reasons: reasonsOf(model.forest, suspect.bestRow).map(({ code, facts }) => ({ code, facts: facts as JsonObject })),
    novelty,
    model: model.id,
    connections: suspect.samples.map(({ uid, timeMs, serverIp, serverPort, proto, state, confidence: sure }) => ({
      uid: uid ?? null,
      at: new Date(timeMs).toISOString(),
      dest_ip: serverIp,
      dest_port: serverPort,
      protocol: proto,
      state: state ?? null,
      confidence: rounded(sure),
    })),
    evidence: {
      suspicious: suspect.count,
      feature_set: FEATURE_SET,
      features: packedRows(suspect.rows),
    },
  }
}

/** Runs a model over connections: one event per host, kind and day-long episode, and never one that bans. */
export const createFlowDetection = (
  model: FlowModel,
  options: FlowOptions,
  { say, verdicts }: Surroundings,
): Detection<ConnRecord> => {
  const least = options.confidence ?? SUSPICIOUS
  const enough = options.connections ?? ENOUGH
  const isIgnored = createIsIgnored(options.ignore)
  const { judge, row, windows } = createFlowJudge(model)
  const novelty = createNovelty()
  const suspects = createSuspects()
  const episodes = createEpisodes(DAY_MS)

  /** It is not some odd ones among many ordinary connections of the host. */
  const isWeighty = ({ weight, count }: Suspect): boolean => {
    const about = Math.min(windows.doorRate, windows.hostRate)
    return weight >= Math.min(count, enough) * 0.5 && count >= enough && weight >= about * LEAST_SHARE
  }

  const event = (suspect: Suspect, odd: number | null): NewEvent => {
    const data = dataOf(suspect, model, odd)
    // Until the site knows how often it is wrong here, it only counts.
    const counts = !isTrusted(verdicts())
    const told = { ...data, counted_only: counts }
    return {
      type: ML_PREDICTION,
      source: 'detector:flow-classifier',
      severity: counts ? 'LOW' : predictionSeverity(suspect.confidence),
      subject: suspect.ip,
      at: suspect.lastMs,
      receivedAt: suspect.lastMs,
      monitorId: null,
      data: { ...told, reason: say({ ...told, type: ML_PREDICTION }) },
    }
  }

  return {
    observe: (conn) => {
      if (isIgnored(conn.serverIp) || isIgnored(conn.clientIp)) return NO_EVENTS
      const confidence = judge(conn)
      const odd = novelty.see(conn, row)
      if (confidence < least) return NO_EVENTS
      const suspect = suspects.add(conn, row, confidence)
      if (!isWeighty(suspect) || verdicts().isBenign(suspect.ip, suspect.kind)) return NO_EVENTS
      // Ten times as many are the same episode: the classifier speaks once.
      if (!episodes.announce(`${suspect.kind} ${suspect.ip}`, conn.timeMs)) return NO_EVENTS
      return [event(suspect, odd)]
    },
    stats: () => ({
      tracked: windows.tracked + suspects.tracked + episodes.tracked,
      forgotten: windows.forgotten() + suspects.forgotten() + episodes.forgotten(),
    }),
  }
}
