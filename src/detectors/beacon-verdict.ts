import { rounded } from '#core/event/detection.ts'
import type { JsonObject } from '#lib/json.ts'
import { type BeaconScore, scoreBeacon } from './beacon-score.ts'
import { type BeaconSeries, MOST_DOMAINS } from './beacon-series.ts'

/** Why a series counts as a beacon. */
export interface Verdict {
  /** `day`: the four-part score over up to a day. `burst`: a rhythm kept for minutes. */
  readonly test: 'day' | 'burst'
  readonly score: BeaconScore
  /** The score with its adjustments. */
  readonly total: number
  readonly adjustments: JsonObject
  readonly connections: number
  readonly meanInterval: number
  readonly spanS: number
  /** Nearly all of them failed: retries. */
  readonly dead: boolean
  /** There are less than six hours of logs to go by. */
  readonly provisional: boolean
}

export interface Circumstances {
  readonly threshold: number
  /** No log tells names: that none is known says nothing. */
  readonly nameless: boolean
  /** Share of our machines that call this server; undefined where there are too few to tell. */
  readonly prevalence: number | undefined
}

/** Connections that a rhythm takes to be told from chance. */
const LEAST = 20
/** More where a name says who it is, for updates are looked for every hour; unless it keeps time like nothing benign. */
const LEAST_NAMED = 36
const STRICT_SCORE = 0.9
/** Connections that come by chance, each whenever it likes, have 0.52: below this there is no rhythm, whatever else is even. */
const LEAST_INTERVALS = 0.65
const LEAST_INBOUND = 48
const LEAST_INBOUND_SCORE = 0.9
/** Under six hours of logs everything is there all the time: the score has to be so much better. */
const PROVISIONAL_S = 6 * 3600
const PROVISIONAL_EXTRA = 0.1
/** More connections a second are a flood, not a rhythm. */
const FLOOD_PER_SECOND = 3

const BURST_SCORE = 0.8
const BURST_SPAN_S = 100
/** Slower rhythms are left to the score over a day. */
const BURST_INTERVAL_S = 60
/** Share of the span that the middle interval has to explain: a page that loads in bursts has many short ones. */
const BURST_STEADINESS = 0.3

/** With one server called by many names, each request as large as the last, pauses between the bursts count less. */
const HOPPING_SCORE = 0.95
const HOPPING_STEADINESS = 0.1

/** Share of connections from which on a series is one of retries: the server is dead, and everybody calls it in vain. */
const DEAD_SHARE = 0.9
/** Retries that are so many, or go on for so long, are worth a word all the same: times, and seconds of those and of any. */
const LEAST_DEAD = 200
const LEAST_DEAD_S = 1800
const LONG_DEAD_S = 7200
/** Connections before a pair got its series: of those nobody knows whether they failed. */
const PROMOTED_UNSEEN = 4

const WEB_PORTS = new Set([80, 443])

/** Share of the time that passes in steps of the middle interval. */
const steadiness = (times: Uint32Array, medianInterval: number): number => {
  let moments = 0
  for (let index = 1; index < times.length; index++) if (times[index] !== times[index - 1]) moments++
  return (moments * medianInterval) / Math.max(1, times.at(-1)! - times[0]!)
}

const adjust = (pair: BeaconSeries, { prevalence }: Circumstances): Record<string, number> => ({
  ...(prevalence !== undefined && prevalence <= 0.02 && { rare_server: 0.15 }),
  ...(prevalence !== undefined && prevalence >= 0.5 && { common_server: -0.15 }),
  // No name was asked for, and no port that browsers use: not how services for everybody are reached.
  ...(pair.name === undefined && !WEB_PORTS.has(pair.port) && { unnamed_server: 0.15 }),
})

/** Judges the recent samples of a series within the span that was looked at; undefined when it is no beacon. */
export const judgeBeacon = (
  pair: BeaconSeries,
  { times, sizes }: { times: Uint32Array; sizes: Uint32Array },
  startS: number,
  endS: number,
  circumstances: Circumstances,
): Verdict | undefined => {
  const { inbound } = pair
  const connections = times.length
  if (connections < LEAST) return undefined
  const spanS = times.at(-1)! - times[0]!
  if (connections / Math.max(1, spanS) > FLOOD_PER_SECOND) return undefined
  const score = scoreBeacon(times, sizes, startS, endS)
  if (!score) return undefined

  // In an outage every client of the dead server keeps time.
  const dead = pair.failed >= (pair.total - PROMOTED_UNSEEN) * DEAD_SHARE
  const adjustments = adjust(pair, circumstances)
  const total = Math.min(
    1,
    Object.values(adjustments).reduce((sum, value) => sum + value, score.total),
  )
  const common = {
    score,
    adjustments: Object.fromEntries(Object.entries(adjustments).map(([name, value]) => [name, rounded(value, 2)])),
    connections,
    meanInterval: spanS / Math.max(1, connections - 1),
    spanS,
    dead,
    provisional: endS - startS < PROVISIONAL_S,
  }
  // Strangers knock regularly all day; only who is let in, and keeps time well, is worth a word.
  if (inbound)
    return connections >= LEAST_INBOUND && score.total >= LEAST_INBOUND_SCORE && pair.failed < connections / 10
      ? { ...common, test: 'day', total: score.total }
      : undefined
  const goesOn = spanS >= LONG_DEAD_S || (pair.total >= LEAST_DEAD && spanS >= LEAST_DEAD_S)
  if (dead && common.provisional && !goesOn) return undefined
  const ordinary = pair.name !== undefined || (circumstances.nameless && WEB_PORTS.has(pair.port))
  const wanted = ordinary && connections < LEAST_NAMED ? STRICT_SCORE : circumstances.threshold
  const threshold = Math.min(1, wanted + (common.provisional ? PROVISIONAL_EXTRA : 0))
  if (total >= threshold && score.duration > 0 && score.intervals >= LEAST_INTERVALS)
    return { ...common, test: 'day', total }
  const burst = (score.intervals + score.sizes) / 2
  const hopping = burst >= HOPPING_SCORE && pair.domains.size >= MOST_DOMAINS
  const steady =
    burst >= BURST_SCORE &&
    spanS >= BURST_SPAN_S &&
    score.medianInterval <= BURST_INTERVAL_S &&
    steadiness(times, score.medianInterval) >= (hopping ? HOPPING_STEADINESS : BURST_STEADINESS)
  return steady ? { ...common, test: 'burst', total: burst } : undefined
}
