import type { Detection, DetectorStats, DetectorType, Surroundings } from '#core/detector.ts'
import { NO_EVENTS } from '#core/detector.ts'
import { ZEEK_SIGNAL } from '#core/event/detection.ts'
import type { NewEvent } from '#core/event/event.ts'
import type { LogRecord } from '#core/event/record.ts'
import { NO_VERDICTS } from '#core/event/site-verdicts.ts'
import type { JsonObject } from '#lib/json.ts'
import { createIsOwnTraffic, NO_PLACES, type OwnPlaces } from './own-traffic.ts'
import { createRecordClock } from './record-clock.ts'
import { createRepeats } from './repeats.ts'

const ALONE: Surroundings = { verdicts: () => NO_VERDICTS, say: () => '' }

/**
 * The detectors to run by these options: those that are off until they are chosen are loaded where they were. `refused` says
 * of each that was chosen and cannot run why.
 */
export const chosenDetectors = async (
  types: readonly DetectorType[],
  options: Readonly<Record<string, JsonObject>>,
): Promise<{ readonly types: readonly DetectorType[]; readonly refused: readonly string[] }> => {
  const refused: string[] = []
  const ready: DetectorType[] = []
  for (const type of types) {
    const { load, ...plain } = type
    const chosen = options[type.name] ?? {}
    if (!load) ready.push(type)
    else if (chosen.on === true) {
      const create = await load(chosen)
      if ('error' in create) refused.push(`${type.name}: ${create.error}`)
      else ready.push({ ...plain, create })
    }
  }
  return { types: ready, refused }
}

/** How often detectors are told the time, in ms of record time. */
const TICK_MS = 60_000

export interface Detections {
  observe(record: LogRecord): readonly NewEvent[]
  flush(): readonly NewEvent[]
  /** Latest record time that is believed, ms; 0 before the first record. */
  now(): number
  stats(): {
    readonly records: number
    readonly stray: number
    /** Records that said again what another one said. */
    readonly repeated: number
    readonly detectors: Readonly<Record<string, DetectorStats & { readonly events: number }>>
  }
}

interface Running {
  readonly name: string
  readonly repeats: boolean
  readonly detection: Detection
  events: number
}

/**
 * Runs detectors over one stream of records, without what `own` says that the server itself does: hands each record to those
 * that want its kind and tells the time by them. What is too little to be told is left out unless `signals` are wanted.
 */
export const createDetections = (
  types: readonly DetectorType[],
  options: Readonly<Record<string, JsonObject>> = {},
  own: () => OwnPlaces = () => NO_PLACES,
  { signals = false, surroundings = ALONE }: { readonly signals?: boolean; readonly surroundings?: Surroundings } = {},
): Detections => {
  // What is off until it is chosen, and was not, costs nothing.
  const chosen = types.filter(({ load }) => load === undefined)
  const running: readonly Running[] = chosen.map((type) => ({
    name: type.name,
    repeats: type.repeats === true,
    detection: type.create(options[type.name] ?? {}, surroundings),
    events: 0,
  }))
  const wanted = new Map<string, Map<string, Running[]>>()
  for (const [index, type] of chosen.entries())
    for (const kind of type.kinds) {
      const [source, log] = kind.split('/') as [string, string]
      const logs = wanted.get(source) ?? new Map<string, Running[]>()
      wanted.set(source, logs.set(log, [...(logs.get(log) ?? []), running[index]!]))
    }

  const clock = createRecordClock<LogRecord>()
  const isRepeat = createRepeats()
  const isOwnTraffic = createIsOwnTraffic(own)
  let records = 0
  let repeated = 0
  let nextTick = 0

  const wantedOf = (events: readonly NewEvent[]): readonly NewEvent[] =>
    signals || events.length === 0 ? events : events.filter(({ type }) => type !== ZEEK_SIGNAL)

  /** Asks each of them and counts what it says; usually nothing. */
  const gather = (these: readonly Running[], ask: (detection: Detection) => readonly NewEvent[]) => {
    let all = NO_EVENTS
    for (const one of these) {
      const events = wantedOf(ask(one.detection))
      if (events.length === 0) continue
      one.events += events.length
      all = all.length === 0 ? events : [...all, ...events]
    }
    return all
  }

  const observeOne = (record: LogRecord): readonly NewEvent[] => {
    records++
    const these = wanted.get(record.source)?.get(record.kind)
    if (!these || isOwnTraffic(record)) return NO_EVENTS
    const repeat = isRepeat(record)
    if (repeat) repeated++
    let all = NO_EVENTS
    for (let index = 0; index < these.length; index++) {
      const one = these[index]!
      if (repeat && !one.repeats) continue
      const events = wantedOf(one.detection.observe(record))
      if (events.length === 0) continue
      one.events += events.length
      all = all.length === 0 ? events : [...all, ...events]
    }
    return all
  }

  const tick = (): readonly NewEvent[] => {
    const now = clock.now()
    if (now < nextTick && now > nextTick - 2 * TICK_MS) return NO_EVENTS
    nextTick = now + TICK_MS
    return gather(running, (detection) => detection.tick?.(now) ?? NO_EVENTS)
  }

  return {
    observe: (record) => {
      let all = NO_EVENTS
      for (const admitted of clock.admit(record)) {
        const ticked = tick()
        const found = observeOne(admitted)
        if (ticked.length > 0 || found.length > 0) all = [...all, ...ticked, ...found]
      }
      return all
    },
    flush: () => gather(running, (detection) => detection.flush?.() ?? NO_EVENTS),
    now: clock.now,
    stats: () => ({
      records,
      stray: clock.stray(),
      repeated,
      detectors: Object.fromEntries(
        running.map(({ name, detection, events }) => [name, { ...detection.stats(), events }]),
      ),
    }),
  }
}
