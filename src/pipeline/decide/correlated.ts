import type { Alert } from '#core/alert/alert.ts'
import { CORRELATION } from '#core/event/reserved-events.ts'
import type { Storage } from '#storage/index.ts'

/** Open alerts that gather several signals about one address, by the address: their members say nothing meanwhile. */
export interface Correlated {
  /** The alert that gathers what is said of a subject; undefined when there is none. */
  of(alert: Pick<Alert, 'subject' | 'facts' | 'id'>): number | undefined
  /** An alert as it is stored now. */
  note(alert: Alert): void
}

export const createCorrelated = (): Correlated & { restore(storage: Storage): Promise<void> } => {
  const bySubject = new Map<string, number>()
  const note = ({ id, subject, status, facts }: Alert) => {
    if (facts.event_type !== CORRELATION) return
    if (status === 'firing') bySubject.set(subject, id)
    else if (bySubject.get(subject) === id) bySubject.delete(subject)
  }
  return {
    note,
    of: ({ subject, facts }) => (facts.event_type === CORRELATION ? undefined : bySubject.get(subject)),
    restore: async (storage) => {
      for (const alert of await storage.alerts.firingOfType(CORRELATION)) note(alert)
    },
  }
}
