import type { Alert } from '#core/alert/alert.ts'
import { alertStep } from '#core/alert/alert-step.ts'
import type { Decision, DecisionOutcome } from '#core/alert/decision.ts'
import { eventFields, type VigiaEvent } from '#core/event/event.ts'
import { severityRank } from '#core/event/severity.ts'
import type { Monitor } from '#core/monitor/monitor.ts'
import { monitorFacts, type Quiet, quietFor } from '#core/rule/matcher.ts'
import { isRecovery, type Rule, ruleFingerprint } from '#core/rule/rule.ts'
import type { RuleIndex } from '#core/rule/rule-index.ts'
import type { CompiledRule } from '#core/rule/rule-spec.ts'
import type { Repositories } from '#storage/index.ts'
import type { Correlated } from './correlated.ts'
import type { Network } from './network.ts'
import { decide, tell } from './notify.ts'
import type { Quiets } from './quiets.ts'
import { createToldNow, type ToldNow } from './told-now.ts'

export interface EvaluateInput {
  readonly event: VigiaEvent
  /** The rule that the event's monitor carries; undefined when it names no channel. */
  readonly own?: Rule | undefined
  /** The written rules in force. */
  readonly rules: RuleIndex
  readonly monitor: Monitor | undefined
  readonly quiets: Quiets
  readonly network?: Network | undefined
  readonly correlated?: Correlated | undefined
  readonly now: number
  /** An event that was older than this when it came opens nothing: back-filled logs wake nobody. */
  readonly tooOldMs: number
  /** Who knows of it already; absent: nobody. */
  readonly told?: ToldNow
}

/** What evaluating found out, to be stored with the events: one batch, few statements. */
export interface Findings {
  readonly decisions: Decision[]
  /** How many events passed a rule's conditions, by its id. */
  readonly triggers: Map<number, number>
  /** What takes back that rules counted these events. */
  readonly counted: (() => void)[]
}

export const newFindings = (): Findings => ({ decisions: [], triggers: new Map(), counted: [] })

/** The events did not come to stay: nothing has counted them. */
export const forgetCounts = ({ counted }: Findings): void => {
  for (const takeBack of counted.splice(0).reverse()) takeBack()
}

/**
 * Applies one stored event to the alerts of the rules that it matches: opens, updates or resolves them, and notifies.
 * Runs inside the transaction that stored the event. True when anything was told.
 */
export const evaluate = async (
  input: EvaluateInput,
  findings: Findings,
  repositories: Repositories,
): Promise<boolean> => {
  const { event, own, rules } = input
  const { told = createToldNow() } = input
  const before = told.count()
  const heard = own && (own.channelIds.length > 0 || isRecovery(event))
  if (heard) await applyRule(own, input, told, findings, repositories)
  const decided = findings.decisions.length
  // The end of an episode counts whatever the conditions and the threshold say of the event that brings it.
  if (isRecovery(event))
    for (const rule of rules.candidates(event.type)) await applyRule(rule, input, told, findings, repositories)
  else
    for (const rule of rules.matching(event.type, eventFields(event)))
      if (passes(rule, input, findings)) await applyRule(rule, input, told, findings, repositories)
  // Where a written rule keeps the alert, one of the monitor's own that nobody hears of would be its double.
  const kept = findings.decisions.slice(decided).some(({ alertId }) => alertId !== null)
  if (own && !heard && (!kept || (await repositories.alerts.firing(ruleFingerprint(own, event)))))
    await applyRule(own, input, told, findings, repositories)
  return told.count() > before
}

/** Whether an event that meets a rule's conditions opens or moves an alert: threshold, rate, age, in this order. */
const passes = (rule: CompiledRule, { event, now, tooOldMs }: EvaluateInput, findings: Findings): boolean => {
  const { severity } = rule.spec
  if (severity !== null && severityRank(event.severity) < severityRank(severity)) return false
  if (rule.rate) {
    const { count, reached } = rule.rate.observe(event, (takeBack) => findings.counted.push(takeBack))
    if (!reached) {
      findings.decisions.push(
        decisionOf(rule, event, now, 'rate', { detail: { count, needed: rule.spec.rate!.atLeast } }),
      )
      return false
    }
  }
  findings.triggers.set(rule.id, (findings.triggers.get(rule.id) ?? 0) + 1)
  if (event.receivedAt - event.at <= tooOldMs) return true
  findings.decisions.push(decisionOf(rule, event, now, 'too_old'))
  return false
}

const decisionOf = (
  rule: Rule,
  event: VigiaEvent,
  at: number,
  outcome: DecisionOutcome,
  rest: Partial<Pick<Decision, 'alertId' | 'until' | 'detail'>> = {},
): Decision => ({ eventId: event.id, ruleId: rule.id, at, outcome, alertId: null, until: null, detail: {}, ...rest })

/** The maintenance window in which a monitor's trouble opens no alert. */
const plannedWork = ({ monitor, quiets, network, now }: EvaluateInput): Quiet | undefined =>
  monitor &&
  (network
    ? network.inMaintenance(monitor.id, quiets.maintenance, now)
    : quietFor(quiets.maintenance, monitorFacts(monitor), now))

/** What an event means that an open alert takes in without a word: its subject flaps, or it is the same trouble again. */
const noNews = ({ monitorId, data }: VigiaEvent, { lastToldAt }: Alert): Pick<Decision, 'outcome' | 'detail'> =>
  monitorId === null || data.flapping === undefined
    ? { outcome: 'no_effect', detail: {} }
    : { outcome: 'flapping', detail: { told: lastToldAt !== null } }

/** Opens, updates or resolves the rule's alert for the event's subject, in one write, and tells of it. */
const applyRule = async (
  rule: Rule,
  input: EvaluateInput,
  told: ToldNow,
  { decisions }: Findings,
  repositories: Repositories,
) => {
  const { event, monitor, quiets, network, correlated, now } = input
  const { alerts } = repositories
  const step = alertStep(event, rule, await alerts.firing(ruleFingerprint(rule, event)), now)
  if (!step) return
  const { change } = step
  const window = change === 'opened' ? plannedWork(input) : undefined
  if (window) {
    network?.mute(monitor!.id)
    decisions.push(decisionOf(rule, event, now, 'maintenance', { until: window.endsAt, detail: { id: window.id } }))
    return
  }
  const context = { change, rule, event, monitor, quiets, network, correlated, now, told }
  const telling = step.telling ? await decide({ ...context, alert: step.alert }, repositories) : undefined
  const alert =
    change === 'opened'
      ? await alerts.open({ ...step.alert, ...telling?.patch })
      : await alerts.update(step.alert.id, { ...step.patch, ...telling?.patch })
  correlated?.note(alert)
  if (!telling) {
    const { outcome, detail } = noNews(event, alert)
    decisions.push(decisionOf(rule, event, now, outcome, { alertId: alert.id, detail }))
    return
  }
  const { outcome, until, detail } = await tell(telling, alert, context, repositories)
  decisions.push(decisionOf(rule, event, now, outcome, { alertId: alert.id, until, detail }))
}
