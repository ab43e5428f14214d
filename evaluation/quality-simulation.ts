import { createQuality } from '#core/monitor/quality.ts'

/**
 * Plays losses of known nature against the rule that tells them, to choose its certainties and to hold what is said of
 * it: false alarms per device and month, and how soon real loss is told. `node evaluation/quality-simulation.ts` prints it.
 */

/** Random numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
const seededRandom = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Whether the packet that leaves at a time (ms, never less than before) is lost. */
type LossProcess = (at: number) => boolean

const randomLoss = (share: number, random: () => number): LossProcess => {
  // How many packets pass until the next one is lost, drawn once instead of for each packet.
  const gap = () => Math.floor(Math.log(1 - random()) / Math.log(1 - share))
  let passing = gap()
  return () => {
    if (passing-- > 0) return false
    passing = gap()
    return true
  }
}

/**
 * Loss in bursts (E. N. Gilbert, E. O. Elliott): a way is good, and nothing is lost, or bad, and `lostInBurst` of the
 * packets are. It changes at random moments; a burst lasts `burstMs` in the mean, and `mean` of all packets are lost.
 */
const burstyLoss = (
  { mean, burstMs, lostInBurst }: { readonly mean: number; readonly burstMs: number; readonly lostInBurst: number },
  random: () => number,
): LossProcess => {
  const badShare = mean / lostInBurst
  const goodMs = (burstMs * (1 - badShare)) / badShare
  const stay = (meanMs: number) => -meanMs * Math.log(1 - random())
  let bad = random() < badShare
  let until = stay(bad ? burstMs : goodMs)
  return (at) => {
    while (at >= until) {
      bad = !bad
      until += stay(bad ? burstMs : goodMs)
    }
    return bad && random() < lostInBurst
  }
}

interface Watched {
  readonly packets: number
  readonly intervalMs: number
  readonly retryMs: number
  readonly gapMs: number
  readonly loss: number
  readonly clear: number
  readonly overMs: number
}

const USUAL: Watched = {
  packets: 5,
  intervalMs: 60_000,
  retryMs: 5000,
  gapMs: 200,
  loss: 0.05,
  clear: 0.04,
  overMs: 300_000,
}

interface Played {
  /** When the verdict turned bad, ms from the start. */
  readonly alarms: readonly number[]
  readonly rounds: number
  /** Time in which the verdict was bad, ms. */
  readonly badMs: number
}

/** Watches a way for `durationMs`, or until its first alarm. */
const play = (watched: Watched, lost: LossProcess, durationMs: number, untilAlarm = false): Played => {
  const { packets, intervalMs, retryMs, gapMs, loss, clear, overMs } = watched
  const quality = createQuality({ overMs, begin: { loss }, clear: { loss: clear } }, { retryMs })
  const rtts = new Float64Array(packets)
  const alarms: number[] = []
  let rounds = 0
  let badMs = 0
  let badFrom = Number.NaN
  for (let at = 0; at < durationMs; ) {
    rounds++
    let answered = 0
    for (let packet = 0; packet < packets; packet++) {
      const gone = lost(at + packet * gapMs)
      rtts[packet] = gone ? Number.NaN : 10
      if (!gone) answered++
    }
    const verdict = quality.observe(at, rtts, packets)
    if (verdict === 'bad') {
      alarms.push(at)
      badFrom = at
      if (untilAlarm) break
    } else if (verdict === 'good') {
      badMs += at - badFrom
      badFrom = Number.NaN
    }
    // A round that is lost whole is followed soon by another, whatever the quality is.
    at += quality.inDoubt() || answered === 0 ? Math.min(retryMs, intervalMs) : intervalMs
  }
  if (!Number.isNaN(badFrom)) badMs += durationMs - badFrom
  return { alarms, rounds, badMs }
}

const MONTH_MS = 30 * 86_400_000

interface FalseAlarms {
  readonly perMonth: number
  /** Rounds in proportion to those that the interval alone would ask for. */
  readonly effort: number
}

/** Alarms per device and month of a way that needs none. The same seed plays the same months. */
const falseAlarms = (
  watched: Watched,
  way: (random: () => number) => LossProcess,
  months: number,
  seed = 1,
): FalseAlarms => {
  let alarms = 0
  let rounds = 0
  for (let month = 0; month < months; month++) {
    const played = play(watched, way(seededRandom(seed + month)), MONTH_MS)
    alarms += played.alarms.length
    rounds += played.rounds
  }
  return { perMonth: alarms / months, effort: rounds / ((months * MONTH_MS) / watched.intervalMs) }
}

interface Telling {
  /** Share of the runs that were told in time, 0 to 1. */
  readonly told: number
  readonly medianMs: number
  readonly p95Ms: number
}

/** How soon a way that becomes bad at an unlucky or lucky moment is told; `withinMs` is in time. */
const telling = (
  watched: Watched,
  way: (random: () => number) => LossProcess,
  { runs, withinMs }: { readonly runs: number; readonly withinMs: number },
  seed = 1,
): Telling => {
  const waits: number[] = []
  for (let run = 0; run < runs; run++) {
    const random = seededRandom(seed * 7919 + run)
    const bad = way(random)
    // A clean hour before; the loss begins anywhere between two rounds.
    const from = 3_600_000 + random() * watched.intervalMs
    const { alarms } = play(watched, (at) => at >= from && bad(at), from + 4 * withinMs, true)
    waits.push(alarms.length === 0 ? Number.POSITIVE_INFINITY : alarms[0]! - from)
  }
  waits.sort((one, other) => one - other)
  return {
    told: waits.filter((wait) => wait <= withinMs).length / runs,
    medianMs: waits[Math.floor(runs / 2)]!,
    p95Ms: waits[Math.floor(runs * 0.95)]!,
  }
}

/** What is said of the rule, and how it was found: `name`, a bound to hold where there is one, and the figures. */
export interface SimulationRow {
  readonly name: string
  readonly figures: string
  /** False when a bound does not hold. */
  readonly holds: boolean
}

const MINUTE_MS = 60_000
const minutes = (ms: number) => (Number.isFinite(ms) ? `${(ms / MINUTE_MS).toFixed(1)} min` : 'later')

const alarmRow = (name: string, { perMonth, effort }: FalseAlarms, most: number): SimulationRow => ({
  name,
  figures: `${perMonth.toFixed(2)} false alarms per device and month, ${effort.toFixed(2)} times the rounds`,
  holds: perMonth < most,
})

const tellingRow = (name: string, { told, medianMs, p95Ms }: Telling, least: number): SimulationRow => ({
  name,
  figures: `told within 10 min in ${(told * 100).toFixed(1)} %, median ${minutes(medianMs)}, 95 of 100 ${minutes(p95Ms)}`,
  holds: told >= least,
})

/** Mean 1 % lost in bursts of this length, of whose packets so many are lost. The last is no claim: it is seldom short. */
const BURSTS = [
  { burstMs: 1000, lostInBurst: 1, most: 1 },
  { burstMs: 5000, lostInBurst: 0.5, most: 1 },
  { burstMs: 10_000, lostInBurst: 0.3, most: 1 },
  { burstMs: 30_000, lostInBurst: 0.3, most: Number.POSITIVE_INFINITY },
]

/** The figures of the usual monitor: rounds of 5 packets a minute, `loss: ">= 5%"` over 5 minutes. */
export const simulate = ({
  months,
  runs,
}: {
  readonly months: number
  readonly runs: number
}): readonly SimulationRow[] => {
  const random = (share: number) => (source: () => number) => randomLoss(share, source)
  const within = { runs, withinMs: 10 * MINUTE_MS }
  return [
    alarmRow('1 % at random', falseAlarms(USUAL, random(0.01), months), 1),
    ...BURSTS.map(({ most, ...burst }) =>
      alarmRow(
        `1 % in bursts of ${burst.burstMs / 1000} s that lose ${burst.lostInBurst * 100} %`,
        falseAlarms(USUAL, (source) => burstyLoss({ mean: 0.01, ...burst }, source), months),
        most,
      ),
    ),
    alarmRow('2 % at random, no claim', falseAlarms(USUAL, random(0.02), months), Number.POSITIVE_INFINITY),
    tellingRow('6 % at random, no claim', telling(USUAL, random(0.06), within), 0),
    tellingRow('10 % at random', telling(USUAL, random(0.1), within), 0.95),
    tellingRow('30 % at random', telling(USUAL, random(0.3), within), 0.99),
  ]
}

/** The rows as lines for people. */
export const simulationTable = (rows: readonly SimulationRow[]): string =>
  rows.map(({ name, figures, holds }) => `${holds ? '  ' : '! '}${name.padEnd(44)} ${figures}`).join('\n')

if (import.meta.main) console.log(simulationTable(simulate({ months: 60, runs: 2000 })))
