import { type LogRecord, writtenAt } from '#core/event/record.ts'

const DAY_MS = 86_400_000
/** A log that only goes on far behind has not a few stray lines: its clock was set back. */
const LATE_IN_A_ROW = 1000

export interface RecordClock<Observed extends LogRecord> {
  /** Takes a record and answers those that may be observed now: none, the record, or one held back and the record. */
  admit(record: Observed): readonly Observed[]
  /** The latest time that is believed, ms; 0 before the first record. */
  now(): number
  /** Records with a time that cannot be, left out. */
  stray(): number
}

/**
 * The time by which detectors live, from records whose clocks may be wrong. A jump of more than a day ahead is believed
 * when a second record agrees; a record more than a day behind is left out, until so many come that the clock must have
 * been set back. One stray line never makes a detector forget what it knows.
 */
export const createRecordClock = <Observed extends LogRecord>(): RecordClock<Observed> => {
  let now = 0
  let held: Observed | undefined
  let lateInARow = 0
  let stray = 0
  const one: Observed[] = []

  const only = (record: Observed): readonly Observed[] => {
    one[0] = record
    return one
  }

  return {
    admit: (record) => {
      const at = writtenAt(record)
      if (now === 0) {
        now = at
        return only(record)
      }
      if (at > now + DAY_MS) {
        const before = held
        held = record
        if (!before || Math.abs(writtenAt(before) - at) > DAY_MS) {
          if (before) stray++
          return []
        }
        held = undefined
        now = at
        return [before, record]
      }
      if (at < now - DAY_MS) {
        stray++
        if (++lateInARow < LATE_IN_A_ROW) return []
        now = at
      }
      lateInARow = 0
      if (at > now) now = at
      return only(record)
    },
    now: () => now,
    stray: () => stray + (held ? 1 : 0),
  }
}
