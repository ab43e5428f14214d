import type { Decision } from '#core/alert/decision.ts'
import type { Explanation, NotificationExplanation, RuleExplanation } from '#core/alert/explanation.ts'
import { type Missed, missed } from '#core/alert/missed.ts'
import { because, type Cause } from '#core/cause/cause.ts'
import { eventFields, type VigiaEvent } from '#core/event/event.ts'
import { severityRank } from '#core/event/severity.ts'
import type { State } from '#core/monitor/monitor.ts'
import { isRecovery } from '#core/rule/rule.ts'
import { type CompiledRule, looksAt } from '#core/rule/rule-spec.ts'
import type { Repositories } from '#storage/index.ts'
import { OWN_SOURCE } from './ingest.ts'
import type { Registry } from './registry.ts'

type Trace = NonNullable<RuleExplanation['conditions']>

/** What is kept of events, decisions and messages. */
type Kept = Pick<Repositories, 'events' | 'decisions' | 'notifications' | 'paths'>

const untilOf = ({ until }: Decision) => ({
  until: until === null ? because('further_notice') : new Date(until).toISOString(),
})

/** What a cause of a decision may name. */
interface Telling {
  readonly event: VigiaEvent
  readonly nameOf: (monitorId: number) => string
}

/** True of a monitor that flaps; in what others send, the word is a field of theirs. */
const tellsFlapping = ({ monitorId, data }: VigiaEvent): boolean => monitorId !== null && data.flapping !== undefined

const STATE_CODES = {
  up: 'state_up',
  degraded: 'state_degraded',
  down: 'state_down',
  unknown: 'state_unknown',
} as const satisfies Readonly<Record<State, string>>

const flappingFacts = ({ data }: VigiaEvent) => ({
  since: new Date(Number(data.since)).toISOString(),
  changes: Number(data.changes),
  state: because(STATE_CODES[(data.state_now ?? 'unknown') as State]),
})

/** What a monitor is reached through, by name; where the decision does not know, by that word. */
const above = ({ detail }: Decision, nameOf: Telling['nameOf']) => {
  const ids = Array.isArray(detail.monitors) ? detail.monitors.filter((id) => typeof id === 'number') : []
  return { above: ids.length === 0 ? because('what_is_above') : ids.map(nameOf).join(', ') }
}

const hasNames = ({ detail }: Decision): boolean => Array.isArray(detail.monitors) && detail.monitors.length > 0

/** That it has grown worse than people knew: no repetition, and nothing holds that back. */
const graver = ({ detail }: Decision): { from: string; to: string } | undefined =>
  Array.isArray(detail.rose) ? { from: String(detail.rose[0]), to: String(detail.rose[1]) } : undefined

const underParent = (decision: Decision, { nameOf }: Telling): Cause => {
  if (decision.until === null) return because('above_is_down', above(decision, nameOf))
  const facts = { ...above(decision, nameOf), ...untilOf(decision) }
  return because(hasNames(decision) ? 'above_flaps' : 'above_just_back', facts)
}

const idOf = ({ detail }: Decision) => ({ id: String(detail.id) })

const CAUSE: Readonly<Record<Decision['outcome'], (decision: Decision, telling: Telling) => Cause>> = {
  first: (decision, { event }) => {
    if (tellsFlapping(event)) return because('opened_flapping', flappingFacts(event))
    const rose = graver(decision)
    return rose ? because('opened_graver', rose) : because('opened')
  },
  repeat: (decision, { event }) => {
    if (tellsFlapping(event)) return because('told_flapping', flappingFacts(event))
    const rose = graver(decision)
    return rose ? because('told_again_graver', rose) : because('told_again')
  },
  reminder: () => because('reminded'),
  resolved: () => because('end_told'),
  cooldown: (decision) => because('cooldown_holds', untilOf(decision)),
  silenced: (decision) => because('silence_holds', { ...idOf(decision), ...untilOf(decision) }),
  maintenance: (decision) => because('maintenance_holds', { ...idOf(decision), ...untilOf(decision) }),
  parent: underParent,
  parent_pending: (decision, { nameOf }) =>
    because('above_looked_at', { ...above(decision, nameOf), ...untilOf(decision) }),
  correlated: ({ detail }) => because('told_by_another_alert', { alert: String(detail.alert) }),
  flapping: ({ detail }, { event }) =>
    because(detail.told === false ? 'flapping_held' : 'flapping', flappingFacts(event)),
  paused: () => because('monitor_paused'),
  acknowledged: (decision) => because('acknowledgement_holds', untilOf(decision)),
  recovery_off: () => because('end_not_told'),
  updates_quiet: () => because('updates_not_told'),
  never_told: () => because('ended_untold'),
  rate: ({ detail }) => because('below_rate', { count: Number(detail.count), needed: Number(detail.needed) }),
  too_old: () => because('too_old_to_tell'),
  no_effect: () => because('open_already'),
  no_channels: () => because('rule_names_no_channel'),
  merged: () => because('told_by_another_rule'),
}

const together = (causes: readonly Cause[]): Cause =>
  causes.length === 1 ? causes[0]! : because('several_verdicts', { each: causes })

const decided = (decisions: readonly Decision[], telling: Telling): readonly Cause[] =>
  decisions.map((decision) => CAUSE[decision.outcome](decision, telling))

/** Why the rule that a monitor carries, or the one of the server itself, did nothing. */
const idle = (event: VigiaEvent): Missed => {
  const { monitorId, data } = event
  if (isRecovery(event)) return missed('nothing_to_end')
  if (monitorId === null) return missed('no_own_channel')
  if (tellsFlapping(event)) return missed('flapping', flappingFacts(event))
  return missed(data.state === 'unknown' ? 'unknown_state' : 'no_change')
}

/** Why a rule that somebody wrote did nothing, as it stands now. */
const missedBy = ({ spec }: CompiledRule, event: VigiaEvent, trace: Trace): Missed => {
  const { severity: needed } = spec
  if (!spec.enabled) return missed('rule_disabled')
  if (spec.createdAt > event.receivedAt) return missed('rule_newer')
  if (isRecovery(event)) return missed('no_episode')
  if (!trace.passed) {
    const failed = trace.steps.find(({ passed, field }) => !passed && field !== null)
    return missed('conditions', { condition: failed?.cause ?? because('conditions_fail') })
  }
  if (needed !== null && severityRank(event.severity) < severityRank(needed))
    return missed('severity', { severity: event.severity, needed })
  return missed('rule_changed')
}

const describe = (rule: CompiledRule, decisions: readonly Decision[], telling: Telling): RuleExplanation => {
  const { event } = telling
  const trace = rule.conditions.explain(eventFields(event))
  const needed = rule.spec.severity
  const severe = needed === null || severityRank(event.severity) >= severityRank(needed)
  const idleFor = decisions.length > 0 ? null : missedBy(rule, event, trace)
  return {
    rule: { id: rule.id, name: rule.name },
    changedSince: rule.spec.updatedAt > event.receivedAt,
    conditions: trace,
    severity: { needed, actual: event.severity, passed: severe },
    decisions,
    cause: idleFor ?? together(decided(decisions, telling)),
    missed: idleFor,
  }
}

/** Why an event was told of, or was not. Undefined when there is no such event. */
export const explain = async (
  eventId: number,
  { storage, registry }: { readonly storage: Kept; readonly registry: Registry },
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
            cause: ownMissed ?? together([...decided(own, telling), ...(known ? [] : [because('own_channels')])]),
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
  storage: Kept,
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
const pathsOf = async ({ monitorId, at, data }: VigiaEvent, storage: Kept): Promise<Explanation['paths']> => {
  if (monitorId === null || data.state !== 'down') return undefined
  const { well, failing } = await storage.paths.ofMonitor(monitorId)
  const concerns = failing && failing.at >= Number(data.since) && failing.at <= at + PATH_AFTER_MS
  return well || concerns ? { ...(well && { well }), ...(concerns && { failing }) } : undefined
}

const rulesCounted = (count: number): Cause => (count === 1 ? because('one_rule') : because('some_rules', { count }))

const notificationsCounted = (count: number): Cause =>
  count === 1 ? because('one_notification') : because('some_notifications', { count })

const summaryOf = (rules: readonly RuleExplanation[], told: number, disabled: number): Cause => {
  if (rules.length === 0) return because('no_rule_of_this_type')
  if (rules.length === disabled) return because('rules_all_disabled', { rules: rulesCounted(disabled) })
  const facts = {
    rules: rulesCounted(rules.length - disabled),
    matched: rules.filter(({ decisions }) => decisions.length > 0).length,
    notifications: notificationsCounted(told),
  }
  return disabled === 0
    ? because('rules_looked', facts)
    : because('rules_looked_beside_disabled', { ...facts, disabled: rulesCounted(disabled) })
}
