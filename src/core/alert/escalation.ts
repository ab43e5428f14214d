import { SEVERITIES, type Severity, severityRank } from '../event/severity.ts'
import { type Alert, isAcknowledged } from './alert.ts'

/** Who else is told of an alert of at least this severity that nobody acknowledges for so long. */
export interface EscalationStep {
  readonly afterMs: number
  readonly severity: Severity
  /** Names of channels. */
  readonly channels: readonly string[]
}

/** What a step is recognised by in an alert, however the steps of the file are ordered or extended. */
export const stepKey = ({ afterMs, severity }: EscalationStep): string => `${afterMs} ${severity}`

/** The severities that a step tells of: its own, and every graver one. */
export const severitiesOf = ({ severity }: EscalationStep): readonly Severity[] =>
  SEVERITIES.filter((one) => severityRank(one) >= severityRank(severity))

/**
 * When a step is due, ms: so long after people were first told, or after an acknowledgement ran out; null while somebody
 * takes care of it.
 */
export const escalationDueAt = (
  alert: Pick<Alert, 'acknowledgedAt' | 'acknowledgeUntil'>,
  firstToldAt: number,
  { afterMs }: EscalationStep,
  now: number,
): number | null =>
  isAcknowledged(alert, now) ? null : Math.max(firstToldAt, alert.acknowledgeUntil ?? firstToldAt) + afterMs
