import type { Alert } from '#core/alert/alert.ts'
import type { DecisionOutcome } from '#core/alert/decision.ts'
import {
  type AlertChange,
  isWorse,
  type NotifyContext,
  type NotifyReason,
  nextReminderAt,
  notifyReason,
} from '#core/alert/notify-reason.ts'
import { aboutOf } from '#core/event/about.ts'
import { notificationFacts } from '#core/message/notification-facts.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Repositories } from '#storage/index.ts'
import type { Affected } from './network.ts'
import { type QuietInput, quietContext } from './quiet-stages.ts'
import type { ToldNow } from './told-now.ts'

export interface NotifyInput extends QuietInput {
  readonly change: AlertChange
  /** What the same look already told. */
  readonly told?: ToldNow
  /** What is told for the same reason at the same time becomes one message. */
  readonly together?: string
}

/** What was decided, for `explain`. */
export interface Told {
  readonly outcome: DecisionOutcome
  readonly until: number | null
  readonly detail: JsonObject
}

const contextOf = async (
  input: NotifyInput,
  { alerts, notifications }: Repositories,
): Promise<NotifyContext & { readonly because?: JsonObject }> => {
  const { alert, rule, now } = input
  // An earlier alert of the same subject was told earlier still; only a new one asks for it.
  const { lastToldAt } = alert
  const asks = rule.id !== null && rule.cooldownMs > 0 && (lastToldAt === null || rule.cooldownScope === 'rule')
  if (!asks) return { toldBefore: lastToldAt, ...quietContext(input) }
  const ofRule = rule.cooldownScope === 'rule'
  const before = await alerts.lastTold(ofRule ? { ruleId: rule.id } : { fingerprint: alert.fingerprint }, now)
  // Whether ends are told now says nothing of whether that one was.
  const mayBeOver = !ofRule && before?.status === 'resolved' && now < before.at + rule.cooldownMs
  return {
    toldBefore: before?.at ?? null,
    severityBefore: before?.severity ?? null,
    endTold: mayBeOver && (await notifications.endTold(before.id)),
    ...quietContext(input),
  }
}

/** What a quiet time or an acknowledgement holds is looked at again when it ends; what a cooldown holds is not. */
const LOOKED_AT_AGAIN = new Set([
  'not_due',
  'silenced',
  'maintenance',
  'acknowledged',
  'parent',
  'parent_pending',
  'flapping',
  'paused',
])

/** What people know of an alert once it is told. */
const wordOf = ({ severity, monitorId, facts }: Alert): Pick<Alert, 'toldSeverity' | 'toldState'> => ({
  toldSeverity: severity,
  toldState: monitorId === null ? null : (facts.state ?? null),
})

/** What is to be told of a change of an alert, and what that changes of the alert itself. */
export interface Telling {
  readonly reason: NotifyReason | null
  readonly patch: Pick<Alert, 'lastToldAt' | 'reminders' | 'nextDueAt'> &
    Partial<Pick<Alert, 'toldSeverity' | 'toldState'>>
  /** Where it goes; empty without a reason, or when another rule told it there. */
  readonly channelIds: readonly number[]
  /** How severe it was when people were told last, where it has grown since: that passes what holds back repetitions. */
  readonly rose?: string | undefined
  /** What is decided already; undefined when something is to be sent. */
  readonly told?: Told
}

/** So many earlier alerts are looked back at, of which nobody was told the end. */
const LOOKED_BACK_AT = 3

/**
 * Whom the end of an alert is for: everybody who heard of it, and who heard of an earlier one about the same whose end was
 * kept from people. Whoever joined that one late, by an escalation, may have heard nothing of this one.
 */
const channelsAwaitingEnd = async (alert: Alert, { alerts, notifications }: Repositories): Promise<number[]> => {
  const waiting = new Set(await notifications.channelsHearing(alert.id))
  let earlier = await alerts.toldBefore(alert)
  for (let back = 0; earlier?.resolvedBy === 'recovery' && back < LOOKED_BACK_AT; back++) {
    const unaware = await notifications.channelsHearing(earlier.id)
    if (unaware.length === 0) break
    for (const channelId of unaware) waiting.add(channelId)
    earlier = await alerts.toldBefore(earlier)
  }
  return [...waiting]
}

/**
 * Decides what is told of a change of an alert, or why nothing is. `alert` is as it will be after the change; a
 * recovery goes only where its problem went. Changes nothing.
 */
export const decide = async (input: NotifyInput, repositories: Repositories): Promise<Telling> => {
  const { change, alert, rule, now, told: already } = input
  const context = await contextOf(input, repositories)
  const { reason, held, until, again } = notifyReason(change, alert, rule, now, context)
  const named = reason === 'resolved' ? await channelsAwaitingEnd(alert, repositories) : rule.channelIds
  // News of a failing channel never goes by that channel.
  const wanted = named.filter((id) => id !== alert.facts.channel_id)
  const channelIds = reason === null ? [] : wanted.filter((id) => !already?.has(id, reason))
  const merged = reason !== null && wanted.length > 0 && channelIds.length === 0
  const tells = reason !== null && reason !== 'resolved' && wanted.length > 0
  const lastToldAt = tells ? now : alert.lastToldAt
  const reminders = reason === 'reminder' ? alert.reminders + 1 : alert.reminders
  const nextReminder = alert.status === 'firing' && !merged ? nextReminderAt(rule, { lastToldAt, reminders }) : null
  const nextDueAt = held && (again || LOOKED_AT_AGAIN.has(held)) ? (until ?? null) : nextReminder
  const patch = { lastToldAt, reminders, nextDueAt, ...(tells && wordOf(alert)) }
  const nothing = (outcome: DecisionOutcome, detail: JsonObject): Telling => ({
    reason,
    patch,
    channelIds,
    told: { outcome, until: until ?? null, detail },
  })
  if (reason === null) return nothing(held as DecisionOutcome, context.because ?? {})
  if (merged) return nothing('merged', { reason })
  if (channelIds.length === 0) return nothing('no_channels', { reason })
  const before = alert.toldSeverity ?? context.severityBefore ?? null
  return { reason, patch, channelIds, ...(tells && before && isWorse(alert.severity, before) && { rose: before }) }
}

const affectedFacts = (affected: Affected | undefined) => (affected ? { affected } : {})

/** Puts into the outbox what was decided about the alert, which is stored by now. */
export const tell = async (
  { reason, channelIds, told, rose }: Telling,
  alert: Alert,
  { event, monitor, rule, network, now, told: already, together }: Omit<NotifyInput, 'alert'>,
  { notifications }: Repositories,
): Promise<Told> => {
  if (told || reason === null) return told!
  const payload = {
    ...notificationFacts(alert, event, monitor, rule),
    ...(monitor && alert.facts.state !== 'flapping' && affectedFacts(network?.affected(monitor.id))),
    ...(together !== undefined && { together }),
  }
  const about = aboutOf(alert)
  const ids = await notifications.insert(
    channelIds.map((channelId) => ({ alertId: alert.id, about, channelId, reason, payload, createdAt: now })),
  )
  for (const channelId of channelIds) already?.add(channelId, reason)
  return {
    outcome: reason as DecisionOutcome,
    until: null,
    detail: { notifications: ids, ...(rose && { rose: [rose, alert.severity] }) },
  }
}

/**
 * Turns a change of a stored alert into notifications, or into the reason why there are none. Runs inside the
 * transaction that changed the alert.
 */
export const notify = async (input: NotifyInput, repositories: Repositories): Promise<Told> => {
  const telling = await decide(input, repositories)
  const alert = await repositories.alerts.update(input.alert.id, telling.patch)
  return tell(telling, alert, input, repositories)
}
