import type { Alert } from '#core/alert.ts'
import type { VigiaEvent } from '#core/event.ts'
import type { Monitor } from '#core/monitor.ts'
import { effectOf, type Rule, ruleFingerprint } from '#core/rule.ts'
import type { Repositories } from '#storage/index.ts'
import { notify } from './notify.ts'

export interface EvaluateInput {
  readonly event: VigiaEvent
  readonly rules: readonly Rule[]
  readonly monitor: Monitor | undefined
  readonly now: number
}

/**
 * Applies one stored event to the alerts of the rules that it matches: opens, updates or resolves them, and notifies.
 * Runs inside the transaction that stored the event.
 */
export const evaluate = async (input: EvaluateInput, repositories: Repositories): Promise<void> => {
  for (const rule of input.rules) await applyRule(rule, input, repositories)
}

const applyRule = async (rule: Rule, input: EvaluateInput, repositories: Repositories) => {
  const { event, now } = input
  const { alerts } = repositories
  const fingerprint = ruleFingerprint(rule, event)
  const effect = effectOf(event, await alerts.firing(fingerprint))
  const seen = { lastEventId: event.id, updatedAt: now }
  const tell = (change: 'opened' | 'updated' | 'resolved', alert: Alert) =>
    notify({ ...input, change, alert, rule }, repositories)

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
      data: event.data,
    })
    await tell('opened', alert)
  } else if (effect.kind === 'update') {
    const count = effect.alert.count + 1
    const news = effect.telling ? { severity: event.severity, data: event.data } : {}
    const alert = await alerts.update(effect.alert.id, { ...seen, ...news, count })
    if (effect.telling) await tell('updated', alert)
  } else if (effect.kind === 'resolve') {
    // The recovery is dated from the first good probe, so that the duration is the outage's own.
    const resolvedAt = Math.max(Number(event.data.since ?? now), effect.alert.since)
    const alert = await alerts.update(effect.alert.id, {
      ...seen,
      status: 'resolved',
      resolvedAt,
      resolvedBy: 'recovery',
      nextDueAt: null,
    })
    await tell('resolved', alert)
  }
}
