import type { Decision } from '#core/alert/decision.ts'
import type { Explanation, NotificationExplanation, RuleExplanation } from '#core/alert/explanation.ts'
import { FLAPPING_ENDS, flappingSince, type Missed, missedText } from '#core/alert/missed.ts'
import { eventFields, type VigiaEvent } from '#core/event/event.ts'
import { severityRank } from '#core/event/severity.ts'
import { isRecovery } from '#core/rule/rule.ts'
import { type CompiledRule, looksAt } from '#core/rule/rule-spec.ts'
import type { Storage } from '#storage/index.ts'
import { OWN_SOURCE } from './ingest.ts'
import type { Registry } from './registry.ts'

const iso = (at: number | null): string => (at === null ? 'further notice' : new Date(at).toISOString())

type Trace = NonNullable<RuleExplanation['conditions']>

/** What a sentence about a decision may name. */
interface Telling {
  readonly event: VigiaEvent
  readonly nameOf: (monitorId: number) => string
}

/** True of a monitor that flaps; in what others send, the word is a field of theirs. */
const tellsFlapping = ({ monitorId, data }: VigiaEvent): boolean => monitorId !== null && data.flapping !== undefined

const flappingFacts = ({ data }: VigiaEvent) => ({
  since: iso(Number(data.since)),
  changes: Number(data.changes),
  state: String(data.state_now),
})
const flapping = (event: VigiaEvent): string => flappingSince(flappingFacts(event))

/** What a monitor is reached through, by name; absent where the decision does not know. */
const above = ({ detail }: Decision, nameOf: Telling['nameOf']): string => {
  const ids = Array.isArray(detail.monitors) ? detail.monitors.filter((id) => typeof id === 'number') : []
  return ids.length === 0 ? 'what it is reached through' : ids.map(nameOf).join(', ')
}

const hasNames = ({ detail }: Decision): boolean => Array.isArray(detail.monitors) && detail.monitors.length > 0

/** That it has grown worse than people knew: no repetition, and nothing holds that back. */
const grown = ({ detail }: Decision): string =>
  Array.isArray(detail.rose) ? `, for its severity rose from ${detail.rose[0]} to ${detail.rose[1]}` : ''

const SENTENCE: Readonly<Record<Decision['outcome'], (decision: Decision, telling: Telling) => string>> = {
  first: (decision, { event }) =>
    tellsFlapping(event)
      ? `the alert was opened, and it was told that ${flapping(event)}; ${FLAPPING_ENDS}`
      : `the alert was opened and told${grown(decision)}`,
  repeat: (decision, { event }) =>
    tellsFlapping(event)
      ? `it was told that ${flapping(event)}; ${FLAPPING_ENDS}`
      : `a further event of an open alert was told${grown(decision)}`,
  reminder: () => 'a reminder was told',
  resolved: () => 'the alert ended and its end was told',
  cooldown: ({ until }) => `matched, but the cooldown holds news back until ${iso(until)}`,
  silenced: ({ until, detail }) => `matched, but silence ${detail.id} holds news back until ${iso(until)}`,
  maintenance: ({ until, detail }) =>
    `matched, but maintenance window ${detail.id} holds news back until ${iso(until)}`,
  parent: (decision, { nameOf }) => {
    if (decision.until === null) return `recorded, and not told: ${above(decision, nameOf)} is down`
    return hasNames(decision)
      ? `recorded, and not told before ${iso(decision.until)}: ${above(decision, nameOf)} flaps as well`
      : `recorded, and told if it is still down at ${iso(decision.until)}: ${above(decision, nameOf)} has just come back`
  },
  parent_pending: (decision, { nameOf }) =>
    `waits until ${iso(decision.until)} at most for a look at ${above(decision, nameOf)}`,
  correlated: ({ detail }) => `recorded, and not told: alert ${detail.alert} gathers what is said of this subject`,
  flapping: ({ detail }, { event }) =>
    detail.told === false
      ? `recorded, and not told: ${flapping(event)}, and what holds its alert back still does`
      : `recorded, and not told: ${flapping(event)}; ${FLAPPING_ENDS}`,
  paused: () => 'recorded, and not told: the monitor is paused',
  acknowledged: ({ until }) => `matched, but the alert is acknowledged until ${iso(until)}`,
  recovery_off: () => 'the alert ended; the rule tells no recovery',
  updates_quiet: () => 'recorded; further events of an open alert are not told',
  never_told: () => 'the alert ended before anybody was told of it',
  rate: ({ detail }) => `matched, but only ${detail.count} of the ${detail.needed} that the rate needs`,
  too_old: () => 'matched, but it was too old when it came: back-filled events open no alert',
  no_effect: () => 'matched; its alert is open already, and this is no news',
  no_channels: () => 'matched and recorded as an alert, but the rule names no channel',
  merged: () => 'matched; another rule had told the same channels of the same event already',
}

const sentences = (decisions: readonly Decision[], telling: Telling): string =>
  decisions.map((decision) => SENTENCE[decision.outcome](decision, telling)).join('; ')

/** Why these channels hear of the server itself. */
const OWN_CHANNELS =
  '; what concerns the server itself goes to the channels of witnesses, else to those of defaults, else to all'

/** Why the rule that a monitor carries, or the one of the server itself, did nothing. */
const idle = (event: VigiaEvent): Missed => {
  const { monitorId, data } = event
  if (isRecovery(event)) return { code: 'nothing_to_end', facts: {} }
  if (monitorId === null) return { code: 'no_own_channel', facts: {} }
  if (tellsFlapping(event)) return { code: 'flapping', facts: flappingFacts(event) }
  return { code: data.state === 'unknown' ? 'unknown_state' : 'no_change', facts: {} }
}

/** Why a rule that somebody wrote did nothing, as it stands now. */
const missedBy = ({ spec }: CompiledRule, event: VigiaEvent, trace: Trace): Missed => {
  const { severity: needed } = spec
  if (!spec.enabled) return { code: 'rule_disabled', facts: {} }
  if (spec.createdAt > event.receivedAt) return { code: 'rule_newer', facts: {} }
  if (isRecovery(event)) return { code: 'no_episode', facts: {} }
  if (!trace.passed) {
    const failed = trace.steps.find(({ passed, field }) => !passed && field !== null)
    return { code: 'conditions', facts: { condition: failed?.why ?? 'the conditions do not hold' } }
  }
  if (needed !== null && severityRank(event.severity) < severityRank(needed))
    return { code: 'severity', facts: { severity: event.severity, needed } }
  return { code: 'rule_changed', facts: {} }
}

const describe = (rule: CompiledRule, decisions: readonly Decision[], telling: Telling): RuleExplanation => {
  const { event } = telling
  const trace = rule.conditions.explain(eventFields(event))
  const needed = rule.spec.severity
  const severe = needed === null || severityRank(event.severity) >= severityRank(needed)
  const missed = decisions.length > 0 ? null : missedBy(rule, event, trace)
  return {
    rule: { id: rule.id, name: rule.name },
    changedSince: rule.spec.updatedAt > event.receivedAt,
    conditions: trace,
    severity: { needed, actual: event.severity, passed: severe },
    decisions,
    why: missed ? missedText(missed) : sentences(decisions, telling),
    missed,
  }
}

/** Why an event was told of, or was not. Undefined when there is no such event. */
export const explain = async (
  eventId: number,
  { storage, registry }: { readonly storage: Storage; readonly registry: Registry },
): Promise<Explanation | undefined> => {
  const event = await storage.events.byId(eventId)
  if (!event) return undefined
  const decisions = await storage.decisions.ofEvent(eventId)
  const known = event.monitorId === null ? undefined : registry.monitor(event.monitorId)
  const telling: Telling = { event, nameOf: (id) => registry.monitor(id)?.monitor.name ?? `monitor ${id}` }
  const ofRule = (id: number | null) => decisions.filter(({ ruleId }) => ruleId === id)
  const own = ofRule(null)
  const ownMissed = own.length > 0 ? null : idle(event)
  const looked = new Set(registry.rules.candidates(event.type).map(({ id }) => id))
  const written = registry
    .writtenRules()
    .filter(
      ({ id, spec }) => looked.has(id) || ofRule(id).length > 0 || (!spec.enabled && looksAt(spec.type, event.type)),
    )
  const rules = [
    ...(own.length > 0 || event.source === OWN_SOURCE || (known && known.rule.channelIds.length > 0)
      ? [
          {
            rule: null,
            changedSince: false,
            conditions: null,
            severity: { needed: null, actual: event.severity, passed: true },
            decisions: own,
            why: ownMissed ? missedText(ownMissed) : `${sentences(own, telling)}${known ? '' : OWN_CHANNELS}`,
            missed: ownMissed,
          },
        ]
      : []),
    ...written.map((rule) => describe(rule, ofRule(rule.id), telling)),
  ]
  const ids = decisions.flatMap(({ detail }) => (detail.notifications ?? []) as readonly number[])
  const notifications = await Promise.all(ids.map((id) => explainNotification(id, storage, registry)))
  const paths = await pathsOf(event, storage)
  return {
    event,
    rules,
    ...(paths && { paths }),
    notifications: notifications.filter((one) => one !== undefined),
    summary: summaryOf(rules, ids.length, written.filter(({ spec }) => !spec.enabled).length),
  }
}

const explainNotification = async (
  id: number,
  storage: Storage,
  registry: Registry,
): Promise<NotificationExplanation | undefined> => {
  const notification = await storage.notifications.byId(id)
  if (!notification) return undefined
  const { fallbackId } = notification
  const copy = fallbackId === null || fallbackId === id ? undefined : await storage.notifications.byId(fallbackId)
  return {
    id,
    channel: registry.channel(notification.channelId)?.name ?? null,
    reason: notification.reason,
    status: notification.status,
    nextAttemptAt: notification.nextAttemptAt,
    fallback: (copy && registry.channel(copy.channelId)?.name) ?? null,
    ...(notification.served?.via && { via: notification.served.via }),
    attempts: await storage.notifications.attemptsOf(id),
  }
}

/** A way that was seen this long after a verdict belongs to another outage. */
const PATH_AFTER_MS = 600_000

/** The way to the host of a monitor that went down: as it is usually, and as it was then. */
const pathsOf = async ({ monitorId, at, data }: VigiaEvent, storage: Storage): Promise<Explanation['paths']> => {
  if (monitorId === null || data.state !== 'down') return undefined
  const { well, failing } = await storage.paths.ofMonitor(monitorId)
  const concerns = failing && failing.at >= Number(data.since) && failing.at <= at + PATH_AFTER_MS
  return well || concerns ? { ...(well && { well }), ...(concerns && { failing }) } : undefined
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`

const summaryOf = (rules: readonly RuleExplanation[], notifications: number, disabled: number): string => {
  if (rules.length === 0) return 'No rule looks at events of this type.'
  if (rules.length === disabled)
    return `Nothing happened: ${count(disabled, 'rule')} of this type, none of them enabled.`
  const matched = rules.filter(({ decisions }) => decisions.length > 0).length
  const looked = `${count(rules.length - disabled, 'rule')} looked at it, ${matched} matched`
  return `${looked}, ${count(notifications, 'notification')} followed.${disabled > 0 ? ` ${count(disabled, 'rule')} of this type not enabled.` : ''}`
}
