import type { JsonObject } from '#lib/json.ts'
import type { AckFacts, Alert } from '../alert/alert.ts'
import { type AlertFacts, causeOf, partsOf, shownData } from '../alert/alert-facts.ts'
import type { NotifyReason } from '../alert/notify-reason.ts'
import { labelsOf, type VigiaEvent } from '../event/event.ts'
import type { Severity } from '../event/severity.ts'
import type { Monitor } from '../monitor/monitor.ts'
import { qualityAmong } from '../monitor/quality-facts.ts'
import { unwatchedWithin } from '../monitor/unwatched.ts'
import type { Rule } from '../rule/rule.ts'
import type { DigestWhy } from './digest-why.ts'
import type { AffectedFacts, DigestItem, Meanwhile, Message, RateFacts } from './message.ts'
import type { Notice } from './notice.ts'

/**
 * What a notification knows when it is decided, kept with it as its payload: what was true then is told then, however
 * late it leaves. Times in ms since the epoch.
 */
export interface NotificationFacts {
  readonly severity: Severity
  readonly subject: string
  readonly monitor: string | null
  readonly target: string | null
  readonly state: string | null
  readonly previousState: string | null
  readonly since: number
  readonly durationMs?: number
  /** How long nobody looked meanwhile; see the fields of a message. */
  readonly unwatchedMs?: number
  /** Of an end: what brought it. */
  readonly resolvedBy?: Alert['resolvedBy']
  /** Who closed it by hand. */
  readonly closedBy?: string
  readonly cause: string | null
  /** What the sentence is made of, where it is one of the server's. */
  readonly causeCode?: string
  readonly causeFacts?: JsonObject
  readonly code?: string
  readonly nextDueAt?: number
  readonly labels: Readonly<Record<string, string>>
  readonly rule: string | null
  /** Of a written rule, whose templates write the text. */
  readonly ruleId?: number
  readonly description?: string
  readonly location?: string
  readonly runbook?: string
  readonly reminderNumber?: number
  readonly attempts?: number
  readonly quality?: Message['quality']
  /** Where it broke, of an outage; see the fields of a message. */
  readonly lastHop?: string
  readonly lastHopMonitor?: string
  readonly pathChanged?: boolean
  readonly answersPing?: true
  /** The event's type and own fields, for those that are not about a monitor. */
  readonly event?: { readonly type: string; readonly data: VigiaEvent['data'] }
  readonly items?: readonly DigestItem[]
  readonly affected?: AffectedFacts
  readonly flapping?: { readonly changes: number; readonly now: string }
  /** Of a rule that waits for so many of them. */
  readonly rate?: RateFacts
  /** It is about the server itself, and waits for nobody's company. */
  readonly aboutServer?: true
  /** The channel that failed, by id: nothing of it goes by that channel. */
  readonly aboutChannel?: number
  /** What is told for the same reason at the same time, and becomes one message, names the same here. */
  readonly together?: string
  /** Of a copy: the channel that could not deliver it, and the original. */
  readonly insteadOf?: InsteadOf
  /** The notification that was to go by a channel which is gone; this one goes in its place. */
  readonly movedFrom?: number
  /** Of a digest. */
  readonly why?: DigestWhy
  /** What people asked to be told that is no alert. */
  readonly notice?: Notice
}

export interface InsteadOf {
  readonly channel: string
  readonly notification: number
}

const text = (value: string | undefined): string | null => value || null

/** Where it broke, as the event of the outage says it: it is no news once all is well. */
const lastHopFacts = ({ state, last_hop, last_hop_monitor, path_changed, answers_ping }: AlertFacts) => {
  if (state !== 'down') return {}
  return {
    ...(last_hop !== undefined && { lastHop: last_hop }),
    ...(last_hop_monitor !== undefined && { lastHopMonitor: last_hop_monitor }),
    ...(path_changed !== undefined && { pathChanged: path_changed }),
    ...(answers_ping && { answersPing: true as const }),
  }
}

const rateFacts = ({ atLeast, withinMs, distinct }: NonNullable<Rule['rateAsked']>): RateFacts => ({
  at_least: atLeast,
  within_ms: withinMs,
  ...(distinct !== undefined && { distinct }),
})

/** The facts of an alert as they are now, with those of the event that moved it. */
export const notificationFacts = (
  alert: Alert,
  event: VigiaEvent | undefined,
  monitor: Monitor | undefined,
  rule: Pick<Rule, 'id' | 'name' | 'rateAsked'>,
): NotificationFacts => {
  const facts: AlertFacts = { ...alert.facts, ...(event && partsOf(event).facts) }
  // Of a monitor, since when it is what is told, which may be later than the trouble: degraded first, or flapping.
  const since = (alert.monitorId === null ? undefined : alert.facts.since) ?? alert.since
  const quality = qualityAmong(alert.facts)
  const { cause, cause_code, cause_facts } = causeOf(alert)
  const unwatched = unwatchedWithin(alert.facts, since, alert.resolvedAt)
  return {
    severity: alert.severity,
    subject: alert.subject,
    monitor: monitor?.name ?? text(facts.monitor),
    target: text(facts.target),
    state: text(facts.state),
    previousState: text(facts.previous_state),
    since,
    ...(alert.resolvedAt !== null && { durationMs: Math.max(0, alert.resolvedAt - since - unwatched) }),
    ...(unwatched > 0 && { unwatchedMs: unwatched }),
    ...(alert.resolvedBy !== null && { resolvedBy: alert.resolvedBy }),
    ...(alert.resolvedBy === 'hand' && facts.closed_by !== undefined && { closedBy: facts.closed_by }),
    cause,
    ...(cause_code !== undefined && { causeCode: cause_code, causeFacts: cause_facts ?? {} }),
    ...(alert.facts.code !== undefined && { code: alert.facts.code }),
    ...(alert.nextDueAt !== null && { nextDueAt: alert.nextDueAt }),
    labels: monitor?.labels ?? labelsOf({ ...alert.data, ...event?.data }),
    rule: rule.name,
    ...(rule.id !== null && { ruleId: rule.id }),
    ...(monitor?.description && { description: monitor.description }),
    ...(monitor?.location && { location: monitor.location }),
    ...(monitor?.runbook && { runbook: monitor.runbook }),
    ...(alert.reminders > 0 && { reminderNumber: alert.reminders }),
    ...(facts.attempts !== undefined && { attempts: facts.attempts }),
    ...(quality && { quality }),
    ...(monitor && alert.status === 'firing' && lastHopFacts(facts)),
    ...(rule.rateAsked && { rate: rateFacts(rule.rateAsked) }),
    ...(rule.id === null && alert.monitorId === null && { aboutServer: true as const }),
    ...(facts.channel_id !== undefined && { aboutChannel: facts.channel_id }),
    ...(facts.state === 'flapping' && { flapping: { changes: Number(facts.changes), now: String(facts.state_now) } }),
    ...(alert.monitorId === null && {
      event: event
        ? { type: event.type, data: event.data }
        : { type: alert.facts.event_type ?? 'custom', data: shownData(alert) },
    }),
  }
}

export interface MessageEnvelope {
  readonly id: string
  readonly reason: NotifyReason
  readonly alertId: number | null
  /** Link to the alert, where the server has an address for people. */
  readonly url: string | null
  readonly delayedMs: number
  /** What is so by now, where that is another thing than the message says. */
  readonly meanwhile?: Meanwhile | undefined
  /** Who takes care of the alert, as of now. */
  readonly ack?: AckFacts | undefined
  /** Where anybody who was told may acknowledge it; absent when it is over or there is no address for people. */
  readonly ackUrl?: string | undefined
}

/** A delay that people should know of: shorter waits are the ordinary way of things. */
const TELL_DELAY_FROM_MS = 60_000

/** The message in its fixed outer form: ISO times, snake_case names, absent facts left out or null. */
export const messageOf = (facts: NotificationFacts, envelope: MessageEnvelope): Message => ({
  id: envelope.id,
  reason: envelope.reason,
  severity: facts.severity,
  subject: facts.subject,
  title: '',
  message: '',
  monitor: facts.monitor,
  target: facts.target,
  state: facts.state,
  previous_state: facts.previousState,
  since: new Date(facts.since).toISOString(),
  ...(facts.durationMs !== undefined && { duration_ms: facts.durationMs }),
  ...(facts.unwatchedMs !== undefined && { unwatched_ms: facts.unwatchedMs }),
  cause: facts.cause,
  ...(facts.causeCode !== undefined && { cause_code: facts.causeCode, cause_facts: facts.causeFacts ?? {} }),
  ...(facts.code !== undefined && { code: facts.code }),
  labels: facts.labels,
  rule: facts.rule,
  alert: envelope.alertId,
  url: envelope.url,
  ...(facts.description !== undefined && { description: facts.description }),
  ...(facts.location !== undefined && { location: facts.location }),
  ...(facts.runbook !== undefined && { runbook: facts.runbook }),
  ...(envelope.reason === 'reminder' &&
    facts.reminderNumber !== undefined && { reminder_number: facts.reminderNumber }),
  ...(facts.nextDueAt !== undefined && { next_notice: new Date(facts.nextDueAt).toISOString() }),
  ...(facts.attempts !== undefined && { attempts: facts.attempts }),
  ...(facts.quality && { quality: facts.quality }),
  ...(facts.lastHop !== undefined && { last_hop: facts.lastHop }),
  ...(facts.lastHopMonitor !== undefined && { last_hop_monitor: facts.lastHopMonitor }),
  ...(facts.pathChanged !== undefined && { path_changed: facts.pathChanged }),
  ...(facts.answersPing && { answers_ping: true as const }),
  ...(envelope.delayedMs >= TELL_DELAY_FROM_MS && { delayed_ms: envelope.delayedMs }),
  ...(facts.resolvedBy && { resolved_by: facts.resolvedBy }),
  ...(facts.closedBy !== undefined && { closed_by: facts.closedBy }),
  ...(envelope.meanwhile && { meanwhile: envelope.meanwhile }),
  ...(facts.items && { items: facts.items }),
  ...(facts.affected && { affected: facts.affected }),
  ...(facts.flapping && { flapping: facts.flapping }),
  ...(facts.rate && { rate: facts.rate }),
  ...(facts.why && { why: facts.why }),
  ...(facts.notice && { notice: facts.notice }),
  ...(facts.insteadOf && { instead_of: facts.insteadOf.channel }),
  ...(envelope.ack && { ack: envelope.ack }),
  ...(envelope.ackUrl !== undefined && { ack_url: envelope.ackUrl }),
  ...(facts.event && { event: { ...facts.event.data, type: facts.event.type } }),
})
