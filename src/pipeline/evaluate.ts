import type { Alert } from '#core/alert.ts'
import type { Decision, DecisionOutcome } from '#core/decision.ts'
import { eventFields, sinceOf, type VigiaEvent } from '#core/event.ts'
import type { Monitor } from '#core/monitor.ts'
import { effectOf, isRecovery, type Rule, ruleFingerprint } from '#core/rule.ts'
import type { CompiledRule } from '#core/rule-spec.ts'
import { severityRank } from '#core/severity.ts'
import type { JsonObject } from '#lib/json.ts'
import type { Repositories } from '#storage/index.ts'
import { notify } from './notify.ts'
import type { Quiets } from './quiets.ts'

export interface EvaluateInput {
  readonly event: VigiaEvent
  /** The rule that the event's monitor carries; undefined when it names no channel. */
  readonly own?: Rule | undefined
  /** Written rules that look at events of this type. */
  readonly rules: readonly CompiledRule[]
  readonly monitor: Monitor | undefined
  readonly quiets: Quiets
  readonly now: number
  /** An event that was older than this when it came opens nothing: back-filled logs wake nobody. */
  readonly tooOldMs: number
}

/** What evaluating found out, to be stored with the events: one batch, few statements. */
export interface Findings {
  readonly decisions: Decision[]
  /** How many events passed a rule's conditions, by its id. */
  readonly triggers: Map<number, number>
}

export const newFindings = (): Findings => ({ decisions: [], triggers: new Map() })

/**
 * Applies one stored event to the alerts of the rules that it matches: opens, updates or resolves them, and notifies.
 * Runs inside the transaction that stored the event. True when anything was told.
 */
export const evaluate = async (
  input: EvaluateInput,
  findings: Findings,
  repositories: Repositories,
): Promise<boolean> => {
  const told = new Set<string>()
  if (input.own) await applyRule(input.own, input, told, findings, repositories)
  if (input.rules.length > 0) {
    const fields = eventFields(input.event)
    for (const rule of input.rules) await look(rule, fields, input, told, findings, repositories)
  }
  return told.size > 0
}

/** A written rule looks at the event: recovery, conditions, threshold, rate, in this order. */
const look = async (
  rule: CompiledRule,
  fields: JsonObject,
  input: EvaluateInput,
  told: Set<string>,
  findings: Findings,
  repositories: Repositories,
) => {
  const { event, now } = input
  // The end of an episode counts whatever the conditions and the threshold say of the event that brings it.
  if (isRecovery(event)) return applyRule(rule, input, told, findings, repositories)
  if (!rule.conditions.test(fields)) return
  const { severity } = rule.spec
  if (severity !== null && severityRank(event.severity) < severityRank(severity)) return
  if (rule.rate) {
    const { count, reached } = rule.rate.observe(event)
    if (!reached) {
      findings.decisions.push(
        decisionOf(rule, event, now, 'rate', { detail: { count, needed: rule.spec.rate!.atLeast } }),
      )
      return
    }
  }
  findings.triggers.set(rule.id, (findings.triggers.get(rule.id) ?? 0) + 1)
  if (event.receivedAt - event.at > input.tooOldMs) {
    findings.decisions.push(decisionOf(rule, event, now, 'too_old'))
    return
  }
  await applyRule(rule, input, told, findings, repositories)
}

const decisionOf = (
  rule: Rule,
  event: VigiaEvent,
  at: number,
  outcome: DecisionOutcome,
  rest: Partial<Pick<Decision, 'alertId' | 'until' | 'detail'>> = {},
): Decision => ({ eventId: event.id, ruleId: rule.id, at, outcome, alertId: null, until: null, detail: {}, ...rest })

/**
 * What an alert knows: of a monitor all that was ever said, for a change of state names only what changed; of other
 * events the last one's fields, since who sends ever new fields must not make an alert grow without end.
 */
const factsOf = (rule: Rule, event: VigiaEvent, before?: Alert): JsonObject => ({
  ...(event.monitorId !== null && before?.data),
  ...event.data,
  ...(rule.id !== null && { event_type: event.type }),
})

const applyRule = async (
  rule: Rule,
  input: EvaluateInput,
  told: Set<string>,
  { decisions }: Findings,
  repositories: Repositories,
) => {
  const { event, monitor, quiets, now } = input
  const { alerts } = repositories
  const fingerprint = ruleFingerprint(rule, event)
  const effect = effectOf(event, await alerts.firing(fingerprint))
  const resolveAt = rule.resolveAfterMs === null ? null : now + rule.resolveAfterMs
  const seen = { lastEventId: event.id, updatedAt: now, resolveAt }
  const tell = async (change: 'opened' | 'updated' | 'resolved', alert: Alert) => {
    const { outcome, until, detail } = await notify(
      { change, alert, rule, event, monitor, quiets, now, told },
      repositories,
    )
    decisions.push(decisionOf(rule, event, now, outcome, { alertId: alert.id, until, detail }))
  }

  if (effect.kind === 'open') {
    const alert = await alerts.open({
      ...seen,
      fingerprint,
      ruleId: rule.id,
      monitorId: event.monitorId,
      subject: event.subject,
      severity: event.severity,
      since: effect.since,
      openedAt: now,
      data: factsOf(rule, event),
    })
    await tell('opened', alert)
  } else if (effect.kind === 'update') {
    const count = effect.alert.count + 1
    const news = effect.telling ? { severity: event.severity, data: factsOf(rule, event, effect.alert) } : {}
    const alert = await alerts.update(effect.alert.id, { ...seen, ...news, count })
    if (effect.telling) await tell('updated', alert)
  } else if (effect.kind === 'resolve') {
    // The recovery is dated from the first good probe, so that the duration is the outage's own.
    const resolvedAt = Math.max(sinceOf(event, event.at), effect.alert.since)
    const alert = await alerts.update(effect.alert.id, {
      ...seen,
      resolveAt: null,
      status: 'resolved',
      resolvedAt,
      resolvedBy: 'recovery',
      nextDueAt: null,
    })
    await tell('resolved', alert)
  }
}
