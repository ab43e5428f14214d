import { isWorse } from '#core/alert/notify-reason.ts'
import { eventFields, type VigiaEvent } from '#core/event/event.ts'
import { type Severity, severityRank } from '#core/event/severity.ts'
import type { BacktestResult } from '#core/rule/backtest-result.ts'
import { isRecovery, subjectOf } from '#core/rule/rule.ts'
import type { CompiledRule } from '#core/rule/rule-spec.ts'

const DAY = 86_400_000
const SAMPLES = 10

export interface BacktestJudge {
  /** Looks at one event that the rule's type looks at, in the order in which they arrived; true: it would be sent. */
  judge(event: VigiaEvent): boolean
  result(): BacktestResult
}

/** Counts what an unsaved rule would have sent. Pure: keeps no alert and tells nobody. */
export const createBacktestJudge = (rule: CompiledRule, tooOldMs: number): BacktestJudge => {
  const days = new Map<number, { wouldSend: number; heldByCooldown: number }>()
  const told = new Map<string, { readonly at: number; readonly severity: Severity }>()
  const samples: VigiaEvent[] = []
  const threshold = rule.spec.severity === null ? -1 : severityRank(rule.spec.severity)
  let [events, matched, wouldSend, heldByCooldown, belowRate, tooOld] = [0, 0, 0, 0, 0, 0]

  const dayOf = (at: number) => {
    const start = at - (at % DAY)
    const known = days.get(start) ?? { wouldSend: 0, heldByCooldown: 0 }
    days.set(start, known)
    return known
  }

  const passes = (event: VigiaEvent): boolean => {
    if (severityRank(event.severity) < threshold || isRecovery(event)) return false
    if (!rule.conditions.test(eventFields(event))) return false
    matched++
    if (rule.rate && !rule.rate.observe(event).reached) {
      belowRate++
      return false
    }
    // Back-filled events count towards a rate, and open nothing.
    if (event.receivedAt - event.at <= tooOldMs) return true
    tooOld++
    return false
  }

  return {
    judge: (event) => {
      events++
      if (!passes(event)) return false
      const day = dayOf(event.receivedAt)
      const key = rule.cooldownScope === 'rule' ? '' : subjectOf(rule, event)
      const last = told.get(key)
      if (last && event.receivedAt < last.at + rule.cooldownMs && !isWorse(event.severity, last.severity)) {
        heldByCooldown++
        day.heldByCooldown++
        return false
      }
      told.set(key, { at: event.receivedAt, severity: event.severity })
      wouldSend++
      day.wouldSend++
      if (samples.length < SAMPLES) samples.push(event)
      return true
    },
    result: () => ({
      events,
      matched,
      wouldSend,
      heldByCooldown,
      belowRate,
      tooOld,
      days: [...days]
        .sort(([a], [b]) => a - b)
        .map(([start, counts]) => ({ day: new Date(start).toISOString().slice(0, 10), ...counts })),
      samples,
    }),
  }
}
