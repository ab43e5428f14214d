import type { Decision } from '#core/alert/decision.ts'
import type { Explanation, RuleExplanation } from '#core/alert/explanation.ts'
import { codeFields } from '#core/cause/cause-fields.ts'
import type { Attempt } from '#core/message/attempt.ts'
import type { BacktestResult } from '#core/rule/backtest-result.ts'
import type { ConditionStep } from '#core/rule/condition.ts'
import type { JsonObject } from '#lib/json.ts'
import { iso } from '#lib/time/iso.ts'
import { inEnglish, plainFacts } from '#templates/said.ts'
import { eventView } from './event-view.ts'
import { pathView } from './path-view.ts'

export const attemptView = ({ at, durationMs, cause, ...rest }: Attempt) => ({
  at: iso(at),
  duration_ms: durationMs,
  ...rest,
  ...codeFields(cause),
})

export const decisionView = ({ at, outcome, until, alertId, detail }: Decision) => ({
  at: iso(at),
  outcome,
  until: iso(until),
  alert: alertId,
  detail,
})

const stepView = ({ cause, ...step }: ConditionStep) => ({ ...step, why: inEnglish(cause), ...codeFields(cause) })

/** What one rule made of an event. */
export const ruleExplanationView = ({
  rule,
  changedSince,
  conditions,
  severity,
  decisions,
  cause,
  missed,
}: RuleExplanation) => ({
  rule,
  why: inEnglish(cause),
  ...codeFields(cause),
  missed: missed && { code: missed.code, facts: plainFacts(missed.facts) },
  severity,
  conditions: conditions && { ...conditions, steps: conditions.steps.map(stepView) },
  decisions: decisions.map(decisionView),
  changed_since: changedSince,
})

/** An explanation as the API and `vigia explain --json` tell it. */
export const explainView = ({ event, summary, rules, notifications, paths }: Explanation) => ({
  summary: inEnglish(summary),
  summary_code: summary.code,
  summary_facts: summary.facts as unknown as JsonObject,
  event: eventView(event),
  rules: rules.map(ruleExplanationView),
  ...(paths && { path: { well: pathView(paths.well), failing: pathView(paths.failing) } }),
  notifications: notifications.map(({ nextAttemptAt, attempts, ...rest }) => ({
    ...rest,
    next_attempt_at: iso(nextAttemptAt),
    attempts: attempts.map(attemptView),
  })),
})

export const backtestView = ({
  wouldSend,
  heldByCooldown,
  belowRate,
  tooOld,
  days,
  samples,
  ...counts
}: BacktestResult) => ({
  ...counts,
  would_send: wouldSend,
  held_by_cooldown: heldByCooldown,
  below_rate: belowRate,
  too_old: tooOld,
  days: days.map((day) => ({ day: day.day, would_send: day.wouldSend, held_by_cooldown: day.heldByCooldown })),
  samples: samples.map(eventView),
})
