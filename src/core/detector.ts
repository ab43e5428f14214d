import type { JsonObject } from '#lib/json.ts'
import type { Static, Titled, TObject } from '#lib/schema.ts'
import type { NewEvent } from './event/event.ts'
import type { LogRecord } from './event/record.ts'
import type { SiteVerdicts } from './event/site-verdicts.ts'

/** What a detector answers most of the time; shared, so that a quiet record costs no array. */
export const NO_EVENTS: readonly NewEvent[] = Object.freeze([])

export interface DetectorStats {
  /** Things that it remembers: addresses, pairs, windows. */
  readonly tracked: number
  /** Things that it had to forget before their time, because there were too many. */
  readonly forgotten: number
}

/**
 * A detector at work. It sees the records of its kinds in the order in which they were written, a little out of order
 * at worst, and lives on their time alone: replaying stored logs gives the same events as following live ones. Its memory
 * is bounded whatever comes.
 */
export interface Detection<Observed extends LogRecord = LogRecord> {
  observe(record: Observed): readonly NewEvent[]
  /** Called about once a minute of record time: windows end, old things are forgotten. */
  tick?(recordTimeMs: number): readonly NewEvent[]
  /** The records have ended: concludes what can be concluded without waiting for more. */
  flush?(): readonly NewEvent[]
  stats(): DetectorStats
}

/** What a detector may ask of the server that it runs in. */
export interface Surroundings {
  /** What operators said of its predictions. */
  readonly verdicts: () => SiteVerdicts
  /** The English sentence of an event's own fields, for detectors that say their reasons as codes. */
  readonly say: (fields: JsonObject) => string
}

type Create<Schema extends TObject, Observed extends LogRecord> = (
  options: Static<Schema>,
  surroundings: Surroundings,
) => Detection<Observed>

/** A detector is one value in one file, listed on one line of `detectors/index.ts`. */
export interface DetectorType<Schema extends TObject = TObject, Observed extends LogRecord = LogRecord> extends Titled {
  /** As people name it: `port_scan`. */
  readonly name: string
  readonly options: Schema
  /** Which records it wants, as `source/kind`: `zeek/conn`. */
  readonly kinds: readonly string[]
  /** It also wants records that say again what another one said, such as a connection that grows; others do not get them. */
  readonly repeats?: boolean
  create: Create<Schema, Observed>
  /**
   * Of a detector that is off until its options say `on: true`: fetches what it needs, which nobody else pays for. What it
   * answers takes the place of `create`; the error is a sentence, and the detector then stays off.
   */
  readonly load?: (options: Static<Schema>) => Promise<Create<Schema, Observed> | { readonly error: string }>
}

/**
 * Gives the literal its type, so that `create` knows its options and records.
 *
 * @example
 * export const talker = defineDetector<ConnRecord>()({
 *   name: 'talker',
 *   title: 'Sends a lot',
 *   'x-es': { title: 'Envía mucho' },
 *   kinds: ['zeek/conn'],
 *   options: Type.Object({ bytes: Type.Integer() }, { additionalProperties: false }),
 *   create: ({ bytes }) => ({
 *     observe: (record) => (record.clientBytes > bytes ? [eventOf(record)] : NO_EVENTS),
 *     stats: () => ({ tracked: 0, forgotten: 0 }),
 *   }),
 * })
 */
export const defineDetector =
  <Observed extends LogRecord>() =>
  <Schema extends TObject>(type: DetectorType<Schema, Observed>): DetectorType =>
    type as unknown as DetectorType
