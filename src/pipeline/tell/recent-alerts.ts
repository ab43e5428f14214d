import type { AttendedAlert } from '#core/alert/alert.ts'
import type { Clock } from '#lib/time/clock.ts'

/** How an alert stands is told as of the moment when its message leaves; this much earlier is the same moment, ms. */
const RECENT_MS = 1000

/** How the alerts of what was just taken from the outbox stand: read together, they cost a part of a question each. */
export interface RecentAlerts {
  note(alerts: readonly AttendedAlert[]): void
  /** Undefined where it must be read anew. */
  of(alertId: number | null): AttendedAlert | undefined
}

export const createRecentAlerts = (clock: Pick<Clock, 'monotonic'>): RecentAlerts => {
  const known = new Map<number, { readonly alert: AttendedAlert; readonly at: number }>()

  /** The oldest stand first. */
  const forgetOld = (now: number) => {
    for (const [id, { at }] of known) {
      if (now - at < RECENT_MS) return
      known.delete(id)
    }
  }

  return {
    note: (alerts) => {
      const at = clock.monotonic()
      forgetOld(at)
      for (const alert of alerts) {
        known.delete(alert.id)
        known.set(alert.id, { alert, at })
      }
    },
    of: (alertId) => {
      const one = alertId === null ? undefined : known.get(alertId)
      return one && clock.monotonic() - one.at < RECENT_MS ? one.alert : undefined
    },
  }
}
