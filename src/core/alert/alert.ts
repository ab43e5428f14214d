import type { JsonObject } from '#lib/json.ts'
import type { Severity } from '../event/severity.ts'
import type { AlertFacts } from './alert-facts.ts'

/** The episode that a rule opens for one subject. */
export interface Alert {
  readonly id: number
  readonly fingerprint: string
  /** Null for the rule that a monitor carries by naming channels. */
  readonly ruleId: number | null
  readonly monitorId: number | null
  readonly subject: string
  readonly severity: Severity
  readonly status: 'firing' | 'resolved'
  /** When the trouble began (the first failed probe), ms. */
  readonly since: number
  readonly openedAt: number
  readonly updatedAt: number
  readonly resolvedAt: number | null
  readonly resolvedBy: 'recovery' | 'time' | 'hand' | 'removed' | 'changed' | 'paused' | null
  readonly acknowledgedAt: number | null
  readonly acknowledgedBy: string | null
  readonly acknowledgeNote: string | null
  readonly acknowledgeUntil: number | null
  /** When somebody first opened it on a page, or did something about it, ms. */
  readonly firstLookAt: number | null
  /** Events that it gathered. */
  readonly count: number
  readonly lastEventId: number | null
  /** When the clock must look at it again (reminder due), ms; null for never. */
  readonly nextDueAt: number | null
  /** When it ends by itself unless a new event comes, ms; null for never. */
  readonly resolveAt: number | null
  /** When the last first, repeated or reminding notice was decided, ms; null before the first. */
  readonly lastToldAt: number | null
  /** How severe it was when people were told last; null before, and of alerts that an older version told. */
  readonly toldSeverity: Severity | null
  /** The state in which its monitor was then; null for what is about no monitor. */
  readonly toldState: string | null
  /** Reminders sent so far. */
  readonly reminders: number
  /** Keys of the escalation steps that were told (`core/alert/escalation.ts`). */
  readonly escalated: readonly string[]
  /** What the server itself says of it, and decides by. */
  readonly facts: AlertFacts
  /** What else is known of it, and what its sender wrote: for messages and pages, never to decide by. */
  readonly data: JsonObject
}

/** What an opening says; the rest begins empty unless it is said as well. */
export type AlertOpening = Pick<
  Alert,
  | 'fingerprint'
  | 'ruleId'
  | 'monitorId'
  | 'subject'
  | 'severity'
  | 'since'
  | 'openedAt'
  | 'updatedAt'
  | 'lastEventId'
  | 'resolveAt'
  | 'data'
> &
  Partial<Omit<Alert, 'id'>>

/** The alert that an opening makes, before it is stored. */
export const newAlert = (opening: AlertOpening): Omit<Alert, 'id'> => ({
  status: 'firing',
  resolvedAt: null,
  resolvedBy: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  acknowledgeNote: null,
  acknowledgeUntil: null,
  firstLookAt: null,
  count: 1,
  nextDueAt: null,
  lastToldAt: null,
  toldSeverity: null,
  toldState: null,
  reminders: 0,
  escalated: [],
  facts: {},
  ...opening,
})

/** Of an alert, what may change between the moment when a message is decided and that when it leaves. */
export type AttendedAlert = Pick<
  Alert,
  'id' | 'status' | 'acknowledgedAt' | 'acknowledgedBy' | 'acknowledgeNote' | 'acknowledgeUntil'
>

/** Who takes care of an alert, as messages say it; times in ISO 8601 UTC. */
export interface AckFacts {
  readonly by: string
  readonly at: string
  readonly note?: string
  /** When it runs out; absent: with the alert. */
  readonly until?: string
}

/** Who takes care of it, or did: for messages. Undefined when nobody has acknowledged it by `now`. */
export const ackFacts = (
  { acknowledgedAt, acknowledgedBy, acknowledgeNote, acknowledgeUntil }: AttendedAlert,
  now: number,
): AckFacts | undefined =>
  acknowledgedAt === null || acknowledgedAt > now
    ? undefined
    : {
        by: acknowledgedBy ?? '',
        at: new Date(acknowledgedAt).toISOString(),
        ...(acknowledgeNote && { note: acknowledgeNote }),
        ...(acknowledgeUntil !== null && { until: new Date(acknowledgeUntil).toISOString() }),
      }

/** True while somebody takes care of it. */
export const isAcknowledged = (
  { acknowledgedAt, acknowledgeUntil }: Pick<Alert, 'acknowledgedAt' | 'acknowledgeUntil'>,
  now: number,
): boolean => acknowledgedAt !== null && (acknowledgeUntil === null || now < acknowledgeUntil)

/** One outage of one monitor, or one subject of one rule: the same text for the same episode's identity. */
export const fingerprintOf = (ruleId: number | null, monitorId: number | null, subject: string): string => {
  const about = monitorId === null ? subject : `monitor:${monitorId}`
  return ruleId === null ? about : `rule:${ruleId}:${about}`
}
