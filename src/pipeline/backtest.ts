import { setImmediate as turn } from 'node:timers/promises'
import type { BacktestResult } from '#core/backtest-result.ts'
import { eventFields, type VigiaEvent } from '#core/event.ts'
import { isRecovery } from '#core/rule.ts'
import { type CompiledRule, looksAt } from '#core/rule-spec.ts'
import { severityRank } from '#core/severity.ts'
import type { Storage } from '#storage/index.ts'

const DAY = 86_400_000
const SAMPLES = 10
/** Events read and judged before others get their turn: a few milliseconds. */
const SLICE = 2000

/** Runs an unsaved rule over the stored events since `from`, in the order in which they came. Changes nothing. */
export const backtest = async (rule: CompiledRule, from: number, storage: Storage): Promise<BacktestResult> => {
  const { type } = rule.spec
  const types = type === 'custom' ? undefined : [type]
  const days = new Map<number, { wouldSend: number; heldByCooldown: number }>()
  const toldAt = new Map<string, number>()
  const samples: VigiaEvent[] = []
  const threshold = rule.spec.severity === null ? -1 : severityRank(rule.spec.severity)
  let [events, matched, wouldSend, heldByCooldown, belowRate, after] = [0, 0, 0, 0, 0, 0]

  const judge = (event: VigiaEvent) => {
    if (isRecovery(event) || severityRank(event.severity) < threshold) return
    if (!rule.conditions.test(eventFields(event))) return
    matched++
    if (rule.rate && !rule.rate.observe(event).reached) {
      belowRate++
      return
    }
    const start = event.receivedAt - (event.receivedAt % DAY)
    let day = days.get(start)
    if (!day) {
      day = { wouldSend: 0, heldByCooldown: 0 }
      days.set(start, day)
    }
    const key = rule.cooldownScope === 'rule' ? '' : event.subject
    const last = toldAt.get(key)
    if (last !== undefined && event.receivedAt < last + rule.cooldownMs) {
      heldByCooldown++
      day.heldByCooldown++
      return
    }
    toldAt.set(key, event.receivedAt)
    wouldSend++
    day.wouldSend++
    if (samples.length < SAMPLES) samples.push(event)
  }

  for (;;) {
    const slice = await storage.events.scan({ types, from, after, limit: SLICE })
    for (const event of slice) {
      if (!looksAt(type, event.type)) continue
      events++
      judge(event)
    }
    if (slice.length < SLICE) break
    after = slice.at(-1)!.id
    await turn()
  }
  return {
    events,
    matched,
    wouldSend,
    heldByCooldown,
    belowRate,
    days: [...days]
      .sort(([a], [b]) => a - b)
      .map(([start, counts]) => ({ day: new Date(start).toISOString().slice(0, 10), ...counts })),
    samples,
  }
}
