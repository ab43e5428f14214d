/**
 * The fields of one line by the number of their place in a layout (`layouts.ts`), whatever the line looks like: what a
 * record is made from is written once for TSV and JSON.
 */
export interface FieldReader {
  /** Undefined when unset; Zeek's `(empty)` is ''. */
  text(slot: number): string | undefined
  /** A text that does not come again, so that looking for it among earlier ones would be lost time. */
  unique(slot: number): string | undefined
  /** Not a number when unset or no number. */
  number(slot: number): number
  /** Milliseconds since the epoch; not a number when unset or no time. */
  time(slot: number): number
  flag(slot: number): boolean | undefined
  list(slot: number): readonly string[]
}

/** No time in a log is later: the year 9999. */
const LATEST_MS = 253_402_300_799_000
/** From here on a number is milliseconds (Zeek's `JSON::TS_MILLIS`): as seconds it would be the year 5138. */
const LEAST_AS_MS = 1e11
/** From here on it is microseconds: as milliseconds it would be the year 5138. */
const LEAST_AS_US = 1e14

/** From here on it is nanoseconds: as microseconds it would be the year 5138. */
const LEAST_AS_NS = 1e17

/** Seconds, milli-, micro- or nanoseconds since the epoch as whole milliseconds; not a number when it cannot be a time. */
export const timeOfNumber = (value: number): number => {
  const written =
    // Nearly all are seconds.
    value < LEAST_AS_MS ? value * 1000 : value < LEAST_AS_US ? value : value < LEAST_AS_NS ? value / 1000 : value / 1e6
  // Cut, not rounded, as times written as text are; binary fractions fall short of decimal ones by a hair.
  const ms = Math.floor(written + 5e-4)
  return ms >= 0 && ms <= LATEST_MS ? ms : Number.NaN
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d(?::?\d\d)?)?$/

/** A time as text: ISO 8601 (UTC where it names no zone) or a number. */
export const timeOfText = (text: string): number => {
  const iso = ISO.exec(text)
  if (iso) {
    const zone = iso[3] ?? 'Z'
    return Date.parse(`${iso[1]}T${iso[2]}${zone.length === 3 ? `${zone}:00` : zone}`)
  }
  return /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? timeOfNumber(Number(text)) : Number.NaN
}
