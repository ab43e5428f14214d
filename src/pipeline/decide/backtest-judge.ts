import { isWorse } from '#core/alert/notify-reason.ts'
import { eventFields, type VigiaEvent } from '#core/event/event.ts'
import { type Severity, severityRank } from '#core/event/severity.ts'
import type { BacktestResult } from '#core/rule/backtest-result.ts'
import { isRecovery, subjectOf } from '#core/rule/rule.ts'
import type { CompiledRule } from '#core/rule/rule-spec.ts'
import { zonedMoment } from '#lib/time/zone.ts'

const SAMPLES = 10

export interface BacktestJudge {
  /** Looks at one event that the rule's type looks at, in the order in which they arrived; true: it would be sent. */
  judge(event: VigiaEvent): boolean
  result(): BacktestResult
}

interface DayCounts {
  wouldSend: number
  heldByCooldown: number
}

/** Counts by the days of a zone's clock. */
const createDays = (timeZone: string) => {
  const days = new Map<string, DayCounts>()
  // Most events are of the day of the one before, and asking the calendar costs more than all the rest.
  let last = { from: 0, to: 0, counts: { wouldSend: 0, heldByCooldown: 0 } }
  return {
    of: (at: number): DayCounts => {
      if (at >= last.from && at < last.to) return last.counts
      const begins = zonedMoment(at, timeZone).startOfDay()
      const day = begins.toPlainDate().toString()
      const counts = days.get(day) ?? { wouldSend: 0, heldByCooldown: 0 }
      days.set(day, counts)
      const to = begins.add({ days: 1 }).startOfDay().epochMilliseconds
      last = { from: begins.epochMilliseconds, to, counts }
      return counts
    },
    all: () => [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, counts]) => ({ day, ...counts })),
  }
}

/** Counts what an unsaved rule would have sent, by the days of a zone. Pure: keeps no alert and tells nobody. */
export const createBacktestJudge = (rule: CompiledRule, tooOldMs: number, timeZone: string): BacktestJudge => {
  const days = createDays(timeZone)
  const told = new Map<string, { readonly at: number; readonly severity: Severity }>()
  const samples: VigiaEvent[] = []
  const threshold = rule.spec.severity === null ? -1 : severityRank(rule.spec.severity)
  let [events, matched, wouldSend, heldByCooldown, belowRate, tooOld] = [0, 0, 0, 0, 0, 0]

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
      const day = days.of(event.receivedAt)
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
      days: days.all(),
      samples,
    }),
  }
}
