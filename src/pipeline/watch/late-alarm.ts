import { because, type Cause } from '#core/cause/cause.ts'
import type { NewEvent } from '#core/event/event.ts'
import { type Trouble, trouble } from '#core/trouble.ts'
import { saidFields } from '#templates/said.ts'
import { OWN_SOURCE } from '../decide/ingest.ts'

/** That our own probes begin late, or no longer do. */
export const VIGIA_LATE = 'vigia_late'

/** Late: one probe in a hundred of the last minute began later than this. In time again: none in a hundred did. */
const LATE_MS = 1000
const IN_TIME_MS = 500
/** Either must hold for so long: a moment of trouble is no news. */
const HOLDS_MS = 60_000
/** When most probes begin later than this, nobody waits for a minute to call it trouble. */
const MOST_LATE_MS = 5000

/** Of the last minute, ms. */
interface Lateness {
  readonly p50: number
  readonly p99: number
}

export interface LateAlarmDeps {
  readonly now: () => number
  readonly monotonic: () => number
  /** True when it had been told, before a restart, that probes begin late. */
  readonly told: boolean
  readonly onLate: (event: NewEvent) => void
  readonly onInTime: (event: NewEvent) => void
}

export interface LateAlarm {
  /** Takes in how late probes begin at present. */
  note(lateness: Lateness): void
  /** What is wrong; undefined when probes begin in time. */
  trouble(): Trouble | undefined
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1)

const lateBy = (p99: number): Cause => because('probes_late', { seconds: Number(seconds(p99)) })

/**
 * Tells when this server no longer keeps up with its own schedule, and when it does again: what it says of the network
 * comes later than it should, whoever is to blame (too many monitors, a busy machine, a virtual one that is held up).
 */
export const createLateAlarm = ({ now, monotonic, told, onLate, onInTime }: LateAlarmDeps): LateAlarm => {
  let late = told
  /** Since when the opposite of what was told holds, monotonic; NaN while it does not. */
  let otherwiseSince = Number.NaN
  let otherwiseAt = 0
  let last: Lateness = { p50: 0, p99: 0 }

  const eventOf = (status: 'firing' | 'resolved', { p99 }: Lateness): NewEvent => ({
    type: VIGIA_LATE,
    source: OWN_SOURCE,
    severity: 'HIGH',
    subject: 'Vigía',
    at: otherwiseAt,
    receivedAt: now(),
    monitorId: null,
    data: {
      status,
      about: 'lateness',
      since: otherwiseAt,
      p99_seconds: Number(seconds(p99)),
      ...saidFields(status === 'firing' ? lateBy(p99) : because('probes_in_time')),
    },
  })

  return {
    note: (lateness) => {
      last = lateness
      const turned = late ? lateness.p99 < IN_TIME_MS : lateness.p99 >= LATE_MS
      if (!turned) {
        otherwiseSince = Number.NaN
        return
      }
      if (Number.isNaN(otherwiseSince)) {
        otherwiseSince = monotonic()
        otherwiseAt = now()
      }
      if (monotonic() - otherwiseSince < HOLDS_MS) return
      late = !late
      otherwiseSince = Number.NaN
      if (late) onLate(eventOf('firing', lateness))
      else onInTime(eventOf('resolved', lateness))
    },
    trouble: () => {
      if (last.p50 > MOST_LATE_MS) return trouble('all_probes_late', { seconds: Math.round(last.p50 / 1000) })
      return late ? trouble('probes_late', { seconds: seconds(last.p99) }) : undefined
    },
  }
}
