import { endsBySource } from '../event/ends-by-source.ts'
import { sinceOf, type VigiaEvent } from '../event/event.ts'
import { type AlertEffect, effectOf, type Rule, ruleFingerprint, subjectOf } from '../rule/rule.ts'
import type { CompiledRule } from '../rule/rule-spec.ts'
import { type Alert, newAlert } from './alert.ts'
import { laterFacts, partsOf } from './alert-facts.ts'

/** What an event does to the alert of a rule, ready to be told of and stored in one write. */
export interface AlertStep {
  readonly change: 'opened' | 'updated' | 'resolved'
  /** As it will be; its id is 0 while it is not stored. */
  readonly alert: Alert
  /** The fields that change. */
  readonly patch: Partial<Alert>
  /** False: it is recorded, but is no news. */
  readonly telling: boolean
}

/** What changes with every event that an alert gathers. */
type Seen = Pick<Alert, 'lastEventId' | 'updatedAt' | 'resolveAt'>

/**
 * What an alert knows: of a monitor all that was ever said, for a change of state names only what changed; of other
 * events the last one's fields, since who sends ever new fields must not make an alert grow without end.
 */
const knownOf = (event: VigiaEvent, before?: Alert): Pick<Alert, 'facts' | 'data'> => {
  const { facts, data } = partsOf(event)
  if (event.monitorId === null || !before) return { facts, data }
  return { facts: laterFacts(before.facts, facts), data: { ...before.data, ...data } }
}

const opened = (rule: Rule, event: VigiaEvent, since: number, seen: Seen): AlertStep => {
  const { monitorId, severity } = event
  const opening = {
    ...seen,
    fingerprint: ruleFingerprint(rule, event),
    ruleId: rule.id,
    monitorId,
    subject: subjectOf(rule, event),
    severity,
    since,
    openedAt: seen.updatedAt,
    ...knownOf(event),
  }
  return { change: 'opened', alert: { id: 0, ...newAlert(opening) }, patch: seen, telling: true }
}

type Moving = Extract<AlertEffect, { readonly alert: Alert }>

const moved = (effect: Moving, event: VigiaEvent): Pick<AlertStep, 'change' | 'patch' | 'telling'> => {
  const { alert } = effect
  if (effect.kind === 'update') {
    const count = alert.count + 1
    if (!effect.telling) return { change: 'updated', patch: { count }, telling: false }
    const patch = { count, severity: event.severity, ...knownOf(event, alert) }
    return { change: 'updated', patch, telling: true }
  }
  // The recovery is dated from the first good probe, so that the duration is the outage's own.
  const resolvedAt = Math.max(sinceOf(event, event.at), alert.since)
  const over = { resolveAt: null, nextDueAt: null, resolvedAt } as const
  return { change: 'resolved', patch: { ...over, status: 'resolved', resolvedBy: 'recovery' }, telling: true }
}

/** A rule for many types says nothing of how long those last whose source itself tells the end. */
const outlasts = (rule: Rule, { type }: VigiaEvent): boolean =>
  endsBySource(type) && 'spec' in rule && (rule as CompiledRule).spec.type !== type

/** What an event does under a rule, given the rule's open alert for the same subject; undefined for nothing. Pure. */
export const alertStep = (
  event: VigiaEvent,
  rule: Rule,
  open: Alert | undefined,
  now: number,
): AlertStep | undefined => {
  const effect = effectOf(event, open)
  const resolveAt = rule.resolveAfterMs === null || outlasts(rule, event) ? null : now + rule.resolveAfterMs
  const seen: Seen = { lastEventId: event.id, updatedAt: now, resolveAt }
  if (effect.kind === 'none') return undefined
  if (effect.kind === 'open') return opened(rule, event, effect.since, seen)
  const { change, patch: own, telling } = moved(effect, event)
  const patch = { ...seen, ...own }
  return { change, alert: { ...effect.alert, ...patch }, patch, telling }
}
