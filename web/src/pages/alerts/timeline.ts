import type { Alert, Notification } from '../../api/types.ts'
import type { Attempt } from '../../components/attempt-text.ts'

interface Decision {
  readonly event: number
  readonly at: string
  readonly outcome: string
  readonly until: string | null
}

export interface AlertDetail extends Alert {
  readonly notifications: readonly (Notification & { readonly attempts_made: readonly Attempt[] })[]
  readonly decisions: readonly Decision[]
}

export type Moment =
  | { readonly kind: 'decision'; readonly at: string; readonly decision: Decision }
  | { readonly kind: 'notification'; readonly at: string; readonly notification: NotificationDetail }
  | {
      readonly kind: 'attempt'
      readonly at: string
      readonly attempt: Attempt
      readonly number: number
      readonly channel: number
    }
  /** Attempts that failed one after the other, from one number to another. */
  | {
      readonly kind: 'failures'
      readonly at: string
      readonly from: number
      readonly to: number
      readonly channel: number
    }
  | { readonly kind: 'acknowledged' | 'resolved'; readonly at: string }

/** Beside the first and the last two, further failed attempts are told as one. */
const [TOLD_FIRST, TOLD_LAST] = [1, 2]

type NotificationDetail = AlertDetail['notifications'][number]

const attemptsOf = ({ attempts_made: attempts, channel }: NotificationDetail): readonly Moment[] => {
  const moments = attempts.map(
    (attempt, index): Moment => ({ kind: 'attempt', at: attempt.at, attempt, number: index + 1, channel }),
  )
  const end = attempts.length - TOLD_LAST
  const between = attempts.slice(TOLD_FIRST, end)
  if (between.length < 2 || between.some(({ ok }) => ok)) return moments
  const failures: Moment = { kind: 'failures', at: between.at(-1)!.at, from: TOLD_FIRST + 1, to: end, channel }
  return [...moments.slice(0, TOLD_FIRST), failures, ...moments.slice(end)]
}

/** What comes from what, where it came in the same moment. */
const ORDER: readonly Moment['kind'][] = ['resolved', 'decision', 'notification', 'attempt', 'failures', 'acknowledged']

/** Everything that was decided and done about an alert, newest first. */
export const momentsOf = (alert: AlertDetail): readonly Moment[] => {
  const moments: Moment[] = [
    ...alert.decisions.map((decision) => ({ kind: 'decision' as const, at: decision.at, decision })),
    ...alert.notifications.flatMap((notification) => [
      { kind: 'notification' as const, at: notification.created_at!, notification },
      ...attemptsOf(notification),
    ]),
  ]
  if (alert.acknowledgement) moments.push({ kind: 'acknowledged', at: alert.acknowledgement.at! })
  if (alert.resolved_at) moments.push({ kind: 'resolved', at: alert.resolved_at })
  return moments.toSorted(
    (a, b) => Date.parse(b.at) - Date.parse(a.at) || ORDER.indexOf(b.kind) - ORDER.indexOf(a.kind),
  )
}
